// An S4D layer (Gu et al. 2022, section 3) as a recurrence, FOUR steps at a time: the state moves on by lamBar^4 - 1, which keeps the
// digits that a product with a number near 1 loses, and the outputs in between come from the state before them and, within the four
// steps, from the convolution kernel's first entries. A channel lies on PARTS neighbouring lanes with OWN of its states each. A block
// goes through its sequence forwards and then backwards, so that both directions are one launch. Letters as in SisoParameters.
//
// Compiled for: ELEMENT 0, 1 or 2; PARTS, a power of two from 4 to 32; OWN; DIRECTIONS 1 or 2.
#include "element.cuh"

#define FOUR 4
#define CHANNELS 16 // of a block: 64 bytes of a row
#define THREADS (CHANNELS * PARTS)
#define STEPS 64         // staged in shared memory at a time
#define ROOM (STEPS + 4) // keeps float4 aligned
#define LOADS (STEPS * CHANNELS / THREADS)
#define NUMBERS 16 // of a state in the table

// u (B T, H). table (DIRECTIONS, H, PARTS OWN, NUMBERS): for each state lamBar^4 - 1, lamBar^3, lamBar^2, lamBar^1 and, for the four
// steps of a block, the factors from the state before it to the outputs (each re, im). within (DIRECTIONS, H, 4, 4): how step i of four
// enters the output of step j, [j][i]; the skip weight is part of the first direction's. partial (B T, H) float32 holds the first
// direction's outputs until the second is added: y itself where elements are float32, null with one direction. y (B T, H).
extern "C" __global__ void __launch_bounds__(THREADS) siso_scan(
        const element *__restrict__ u,
        const float *__restrict__ table,
        const float *__restrict__ within,
        float *partial,
        element *y,
        int channels,
        int steps) {
    __shared__ __align__(16) float u_rows[CHANNELS][ROOM];
    __shared__ __align__(16) float y_rows[CHANNELS][ROOM];

    const int column_blocks = (channels + CHANNELS - 1) / CHANNELS;
    const int channel0 = blockIdx.x % column_blocks * CHANNELS;
    const i64 from = (i64) (blockIdx.x / column_blocks) * steps * channels + channel0;
    const int thread = threadIdx.x;
    const int own = thread / PARTS; // its channel of the block
    const int part = thread % PARTS;
    const int channel = channel0 + own;
    const bool there = channel < channels;
    // what the thread brings and takes: every (STEPS / LOADS)th step of one channel
    const int column = thread % CHANNELS;
    const int first_step = thread / CHANNELS;
    const bool brings = channel0 + column < channels;
    u += from;
    y += from;
    if (partial != nullptr) {
        partial += from;
    }

    for (int direction = 0; direction < DIRECTIONS; direction++) {
        float factors[OWN][NUMBERS];
        float re[OWN];
        float im[OWN];
#pragma unroll
        for (int i = 0; i < OWN; i++) {
            const float *entry = table
                    + (((i64) direction * channels + (there ? channel : 0)) * (PARTS * OWN) + part * OWN + i) * NUMBERS;
#pragma unroll
            for (int k = 0; k < NUMBERS; k += 4) {
                *(float4 *) &factors[i][k] = *(const float4 *) (entry + k);
            }
            re[i] = 0.f;
            im[i] = 0.f;
        }
        const int mine = part % 2 * 2 + part / 2 % 2; // the step of four whose output the lane has after the sums
        float taps[4];
        const float *row = within + ((i64) direction * channels + (there ? channel : 0)) * 16 + mine * 4;
#pragma unroll
        for (int i = 0; i < 4; i++) {
            taps[i] = row[i];
        }

        // a tile on its way: steps of the second direction count from the sequence's end
        element next_u[LOADS];
        float earlier[LOADS]; // outputs of the first direction
        auto place_of = [&](int t) { return (i64) (direction == 0 ? t : steps - 1 - t) * channels + column; };
        auto fetch = [&](int t0) {
#pragma unroll
            for (int i = 0; i < LOADS; i++) {
                int t = t0 + first_step + i * (STEPS / LOADS);
                next_u[i] = t < steps && brings ? u[place_of(t)] : element{};
            }
        };
        fetch(0);
        for (int t0 = 0; t0 < steps; t0 += STEPS) {
#pragma unroll
            for (int i = 0; i < LOADS; i++) {
                u_rows[column][first_step + i * (STEPS / LOADS)] = widen(next_u[i]);
            }
            __syncthreads();
            fetch(t0 + STEPS);
            if (direction == 1) {
#pragma unroll
                for (int i = 0; i < LOADS; i++) {
                    int t = t0 + first_step + i * (STEPS / LOADS);
                    earlier[i] = t < steps && brings ? partial[place_of(t)] : 0.f;
                }
            }
#pragma unroll 2
            for (int t = 0; t < STEPS; t += FOUR) {
                float4 in = *(const float4 *) &u_rows[own][t];
                float out[4] = {};
#pragma unroll
                for (int i = 0; i < OWN; i++) {
                    const float *f = factors[i];
#pragma unroll
                    for (int j = 0; j < 4; j++) {
                        out[j] = fmaf(f[8 + 2 * j], re[i], fmaf(-f[9 + 2 * j], im[i], out[j]));
                    }
                    float real = fmaf(f[2], in.x, fmaf(f[4], in.y, fmaf(f[6], in.z, in.w)));
                    float imaginary = fmaf(f[3], in.x, fmaf(f[5], in.y, f[7] * in.z));
                    real = fmaf(f[0], re[i], fmaf(-f[1], im[i], real));
                    imaginary = fmaf(f[0], im[i], fmaf(f[1], re[i], imaginary));
                    re[i] += real;
                    im[i] += imaginary;
                }
                // sums over the parts: neighbours exchange steps until a lane has one of the four, then add
                bool odd = part & 1;
                float first = (odd ? out[2] : out[0]) + __shfl_xor_sync(0xffffffffu, odd ? out[0] : out[2], 1);
                float second = (odd ? out[3] : out[1]) + __shfl_xor_sync(0xffffffffu, odd ? out[1] : out[3], 1);
                bool upper = part & 2;
                float sum = (upper ? second : first) + __shfl_xor_sync(0xffffffffu, upper ? first : second, 2);
#pragma unroll
                for (int reach = 4; reach < PARTS; reach *= 2) {
                    sum += __shfl_xor_sync(0xffffffffu, sum, reach);
                }
                if (part < 4) {
                    y_rows[own][t + mine] =
                            sum + fmaf(taps[0], in.x, fmaf(taps[1], in.y, fmaf(taps[2], in.z, taps[3] * in.w)));
                }
            }
            __syncthreads();
#pragma unroll
            for (int i = 0; i < LOADS; i++) {
                int t = t0 + first_step + i * (STEPS / LOADS);
                if (t < steps && brings) {
                    float value = y_rows[column][t - t0];
                    if (direction == 1) {
                        value += earlier[i];
                    }
                    if (direction == DIRECTIONS - 1) {
                        y[place_of(t)] = narrowed<element>(value);
                    } else {
                        partial[place_of(t)] = value;
                    }
                }
            }
        }
    }
}
