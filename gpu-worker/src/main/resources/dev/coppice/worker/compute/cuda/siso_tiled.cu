// An S4D layer (Gu et al. 2022, section 3) on tensor cores, sixteen steps at a time: from the state before them, the outputs and the
// state after them are matrix products, whose rows are sixteen sequences. Each float32 operand is two float16 numbers (Ootomo and
// Yokota 2022, section 4), their three larger products summed in float32, so that 22 binary digits count. A warp takes one channel, with all of
// its matrices in registers. A block goes through its sequences forwards and then backwards, so that both directions are one launch.
// Letters as in SisoParameters; K state columns: real and imaginary parts side by side.
//
// Compiled for: ELEMENT 0, 1 or 2; DIRECTIONS 1 or 2; TILES, K / 16; CHANNELS of a block, 4 or 8; WHOLE 1 where H is a multiple of 4.
#include "element.cuh"
#include "tensor_cores.cuh"

#define ROWS 16
#define STEPS 16
#define THREADS (32 * CHANNELS)
#define K (16 * TILES)
#define ROW 24                 // of 16 steps in shared memory, padded against bank conflicts
#define PANEL (ROWS * ROW + 4) // of a channel
#define PIECES 2               // of 4 channels that a thread brings and takes

// A product of (16, 16) and (16, 8) operands in pairs of float16; what the first of them leave is summed by itself, times LEFT_OVER.
__device__ __forceinline__ void multiply_add_pairs(float *sums, float *rest, const u32 (*a)[4], const u32 (*b)[2]) {
    multiply_add_halves(sums, a[0], b[0]);
    multiply_add_halves(rest, a[1], b[0]);
    multiply_add_halves(rest, a[0], b[1]);
}

// Four neighbouring channels from `channel` on, zeros beyond the last.
__device__ __forceinline__ void load_four(const float *row, int channel, int channels, float *to) {
#if WHOLE
    *(float4 *) to = channel < channels ? *(const float4 *) (row + channel) : make_float4(0.f, 0.f, 0.f, 0.f);
#else
#pragma unroll
    for (int k = 0; k < 4; k++) {
        to[k] = channel + k < channels ? row[channel + k] : 0.f;
    }
#endif
}

__device__ __forceinline__ void store_four(const float *from, int channel, int channels, float *row) {
#if WHOLE
    if (channel < channels) {
        *(float4 *) (row + channel) = *(const float4 *) from;
    }
#else
#pragma unroll
    for (int k = 0; k < 4; k++) {
        if (channel + k < channels) {
            row[channel + k] = from[k];
        }
    }
#endif
}

#if ELEMENT != 0
__device__ __forceinline__ void load_four(const element *row, int channel, int channels, float *to) {
#if WHOLE
    uint2 raw = channel < channels ? *(const uint2 *) (row + channel) : make_uint2(0, 0);
    to[0] = first_of(raw.x);
    to[1] = second_of(raw.x);
    to[2] = first_of(raw.y);
    to[3] = second_of(raw.y);
#else
#pragma unroll
    for (int k = 0; k < 4; k++) {
        to[k] = channel + k < channels ? widen(row[channel + k]) : 0.f;
    }
#endif
}

__device__ __forceinline__ void store_four(const float *from, int channel, int channels, element *row) {
#if WHOLE
    if (channel < channels) {
        *(uint2 *) (row + channel) = make_uint2(pack(from[0], from[1]), pack(from[2], from[3]));
    }
#else
#pragma unroll
    for (int k = 0; k < 4; k++) {
        if (channel + k < channels) {
            row[channel + k] = narrowed<element>(from[k]);
        }
    }
#endif
}
#endif

// u (B T, H). outputs and inputs (DIRECTIONS, H, 16, K): how the state before sixteen steps enters the output of each, and how each step
// enters the state after them. turns (DIRECTIONS, H, K / 2, 4): lamBar^16 - 1 (re, im), the factor that brings the state into float16's
// range, 0. within (DIRECTIONS, H, 16): first entries of the convolution kernel. scales (DIRECTIONS, H, 2): the factor of products with
// outputs and within, and the skip weight. partial (B T, H) float32 holds the first direction's outputs until the second is added; y
// (B T, H).
extern "C" __global__ void __launch_bounds__(THREADS, 8 / CHANNELS) siso_tiled(
        const element *__restrict__ u,
        const float *__restrict__ outputs,
        const float *__restrict__ inputs,
        const float *__restrict__ turns,
        const float *__restrict__ within,
        const float *__restrict__ scales,
        float *partial,
        element *y,
        int sequences,
        int channels,
        int steps) {
    __shared__ __align__(16) float panels[2][CHANNELS * PANEL]; // u of sixteen steps, and then y in its place

    const int column_blocks = (channels + CHANNELS - 1) / CHANNELS;
    const int channel0 = blockIdx.x % column_blocks * CHANNELS;
    const int sequence0 = blockIdx.x / column_blocks * ROWS;
    const int thread = threadIdx.x;
    const int lane = thread % 32;
    const int g = lane / 4;
    const int q = lane % 4;
    const int own = thread / 32;
    const int channel = min(channel0 + own, channels - 1);

    for (int direction = 0; direction < DIRECTIONS; direction++) {
        const i64 at = (i64) direction * channels + channel;
        u32 output_tiles[TILES][2][2][2]; // [columns][steps][high, low][..]
        u32 input_tiles[2 * TILES][2][2];
        u32 within_tiles[2][2][2];
        float turn_re[2 * TILES];
        float turn_im[2 * TILES];
        float range[2 * TILES];
#pragma unroll
        for (int c = 0; c < 2 * TILES; c++) {
            float4 turn = ((const float4 *) turns)[at * (K / 2) + c * 4 + q];
            turn_re[c] = turn.x;
            turn_im[c] = turn.y;
            range[c] = turn.z;
#pragma unroll
            for (int k = 0; k < 2; k++) {
                const float *step = inputs + (at * STEPS + k * 8 + 2 * q) * K + c * 8 + g;
                split_halves(step[0], step[K], input_tiles[c][0][k], input_tiles[c][1][k]);
                float2 pair = *(const float2 *) (outputs + (at * STEPS + c % 2 * 8 + g) * K + c / 2 * 16 + k * 8 + 2 * q);
                u32(*tile)[2] = output_tiles[c / 2][c % 2];
                split_halves(pair.x, pair.y, tile[0][k], tile[1][k]);
            }
        }
#pragma unroll
        for (int half = 0; half < 2; half++) {
#pragma unroll
            for (int k = 0; k < 2; k++) {
                int lag = half * 8 + g - (k * 8 + 2 * q) - direction; // the second direction lies strictly in the future
                float near = lag >= 0 ? within[at * STEPS + lag] : 0.f;
                float far = lag >= 1 ? within[at * STEPS + lag - 1] : 0.f;
                split_halves(near, far, within_tiles[half][0][k], within_tiles[half][1][k]);
            }
        }
        const float2 scale = ((const float2 *) scales)[at];

        float states[2 * TILES][4]; // (16 sequences, K): rows g and g + 8, real and imaginary part
#pragma unroll
        for (int c = 0; c < 2 * TILES; c++) {
            states[c][0] = states[c][1] = states[c][2] = states[c][3] = 0.f;
        }

        // the pieces that the thread brings and takes; steps of the second direction count from the sequence's end
        auto piece_row = [&](int i) { return thread / (CHANNELS / 4) / STEPS + i * (ROWS / PIECES); };
        const int piece_step = thread / (CHANNELS / 4) % STEPS;
        const int piece_channel = thread % (CHANNELS / 4) * 4;
        auto is_there = [&](int i, int t0) { return sequence0 + piece_row(i) < sequences && t0 + piece_step < steps; };
        auto place_of = [&](int i, int t0) {
            int t = direction == 0 ? t0 + piece_step : steps - 1 - t0 - piece_step;
            return ((i64) (sequence0 + piece_row(i)) * steps + t) * channels;
        };
        float next[PIECES][4];
        float earlier[PIECES][4] = {};
        auto fetch = [&](int t0) {
#pragma unroll
            for (int i = 0; i < PIECES; i++) {
                next[i][0] = next[i][1] = next[i][2] = next[i][3] = 0.f;
                if (is_there(i, t0)) {
                    load_four(u + place_of(i, t0), channel0 + piece_channel, channels, next[i]);
                }
            }
        };

        fetch(0);
        for (int t0 = 0; t0 < steps; t0 += STEPS) {
            float *panel = panels[t0 / STEPS % 2];
#pragma unroll
            for (int i = 0; i < PIECES; i++) {
#pragma unroll
                for (int k = 0; k < 4; k++) {
                    panel[(piece_channel + k) * PANEL + piece_row(i) * ROW + piece_step] = next[i][k];
                }
            }
            __syncthreads();
            fetch(t0 + STEPS);
            if (direction == 1) {
#pragma unroll
                for (int i = 0; i < PIECES; i++) {
                    if (is_there(i, t0)) {
                        load_four(partial + place_of(i, t0), channel0 + piece_channel, channels, earlier[i]);
                    }
                }
            }

            float2 *rows[2] = {
                (float2 *) (panel + own * PANEL + g * ROW + 2 * q), (float2 *) (panel + own * PANEL + (g + 8) * ROW + 2 * q)};
            float2 in[4] = {rows[0][0], rows[1][0], rows[0][4], rows[1][4]};
            u32 steps_in[2][4];
#pragma unroll
            for (int i = 0; i < 4; i++) {
                split_halves(in[i].x, in[i].y, steps_in[0][i], steps_in[1][i]);
            }
            float out[2][4] = {};
            float rest[2][4] = {};
            multiply_add_pairs(out[0], rest[0], steps_in, within_tiles[0]);
            multiply_add_pairs(out[1], rest[1], steps_in, within_tiles[1]);
#pragma unroll
            for (int c = 0; c < TILES; c++) {
                u32 before[2][4];
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    int tile = 2 * c + i / 2;
                    float re = states[tile][i % 2 * 2] * range[tile];
                    float im = states[tile][i % 2 * 2 + 1] * range[tile];
                    split_halves(re, im, before[0][i], before[1][i]);
                }
                multiply_add_pairs(out[0], rest[0], before, output_tiles[c][0]);
                multiply_add_pairs(out[1], rest[1], before, output_tiles[c][1]);
            }
#pragma unroll
            for (int c = 0; c < 2 * TILES; c++) { // S += (lamBar^16 - 1) S + what the steps add
                float added[4] = {};
                float added_rest[4] = {};
                multiply_add_pairs(added, added_rest, steps_in, input_tiles[c]);
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    added[i] = fmaf(added_rest[i], 1.f / LEFT_OVER, added[i]);
                }
#pragma unroll
                for (int lower = 0; lower < 2; lower++) {
                    float re = states[c][2 * lower];
                    float im = states[c][2 * lower + 1];
                    states[c][2 * lower] = re + fmaf(turn_re[c], re, fmaf(-turn_im[c], im, added[2 * lower]));
                    states[c][2 * lower + 1] = im + fmaf(turn_re[c], im, fmaf(turn_im[c], re, added[2 * lower + 1]));
                }
            }
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const float *high = &out[i / 2][i % 2 * 2];
                const float *low = &rest[i / 2][i % 2 * 2];
                float2 both;
                both.x = fmaf(fmaf(low[0], 1.f / LEFT_OVER, high[0]), scale.x, scale.y * in[i].x);
                both.y = fmaf(fmaf(low[1], 1.f / LEFT_OVER, high[1]), scale.x, scale.y * in[i].y);
                rows[i % 2][i / 2 * 4] = both;
            }
            __syncthreads();
#pragma unroll
            for (int i = 0; i < PIECES; i++) {
                if (is_there(i, t0)) {
                    float values[4];
#pragma unroll
                    for (int k = 0; k < 4; k++) {
                        values[k] = panel[(piece_channel + k) * PANEL + piece_row(i) * ROW + piece_step];
                        if (direction == 1) {
                            values[k] += earlier[i][k];
                        }
                    }
                    if (direction == DIRECTIONS - 1) {
                        store_four(values, channel0 + piece_channel, channels, y + place_of(i, t0));
                    } else {
                        store_four(values, channel0 + piece_channel, channels, partial + place_of(i, t0));
                    }
                }
            }
        }
    }
}
