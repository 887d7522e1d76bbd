// An S4D layer (Gu et al. 2022, section 3) on tensor cores, sixteen steps at a time: from the state before them, the outputs and the
// state after them are matrix products, whose rows are sixteen sequences. Each float32 operand is two float16 numbers (Ootomo and
// Yokota 2022, section 4), their three larger products summed in float32, so that 22 binary digits count. A warp takes one channel, a
// block one direction of sixteen sequences. The blocks of both directions run side by side: each stores the outputs of the half that it
// reaches first, and adds to the other's half, which the other has passed by then. Letters as in SisoParameters; K state columns: real
// and imaginary parts side by side.
//
// Compiled for: ELEMENT 0, 1 or 2; DIRECTIONS 1 or 2; TILES, K / 16; CHANNELS of a block; WHOLE 1 where H is a multiple of 4.
#include "element.cuh"
#include "tensor_cores.cuh"

#define ROWS 16
#define STEPS 16
#define THREADS (32 * CHANNELS)
#define K (16 * TILES)
#define ROW 24                 // of 16 steps in shared memory, padded against bank conflicts
#define PANEL (ROWS * ROW + 4) // of a channel
#define PIECES 2               // of 4 channels that a thread brings and takes
#define MATRICES (4 * TILES + 2) // (16, 8) tiles of a channel's constant operands, in pairs of float16

// A product of (16, 16) and (16, 8) operands in pairs of float16; what the first of them leave is summed by itself, times LEFT_OVER.
__device__ __forceinline__ void multiply_add_pairs(float *sums, float *rest, const u32 (*a)[4], uint4 b) {
    u32 high[2] = {b.x, b.y};
    u32 low[2] = {b.z, b.w};
    multiply_add_halves(sums, a[0], high);
    multiply_add_halves(rest, a[1], high);
    multiply_add_halves(rest, a[0], low);
}

// A lane's part of a (16, 8) operand: the pairs (2q, g) and (2q + 8, g).
__device__ __forceinline__ uint4 operand(float near0, float near1, float far0, float far1) {
    uint4 pairs;
    split_halves(near0, near1, pairs.x, pairs.z);
    split_halves(far0, far1, pairs.y, pairs.w);
    return pairs;
}

__device__ __forceinline__ void raise_flag(int *flag) {
    __syncthreads();
    if (threadIdx.x == 0) {
        __threadfence();
        atomicExch(flag, 1);
    }
}

__device__ __forceinline__ void await_flag(int *flag) {
    if (threadIdx.x == 0) {
        while (atomicAdd(flag, 0) == 0) {
        }
        __threadfence();
    }
    __syncthreads();
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

// The same of what another block has written meanwhile.
__device__ __forceinline__ void load_four_afresh(const float *row, int channel, int channels, float *to) {
#if WHOLE
    *(float4 *) to = channel < channels ? __ldcg((const float4 *) (row + channel)) : make_float4(0.f, 0.f, 0.f, 0.f);
#else
#pragma unroll
    for (int k = 0; k < 4; k++) {
        to[k] = channel + k < channels ? __ldcg(row + channel + k) : 0.f;
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
// enters the state after them, which is scaled into float16's range. turns (DIRECTIONS, H, K): lamBar^16 - 1 (re, im). within
// (DIRECTIONS, H, 16): first entries of the convolution kernel. scales (DIRECTIONS, H, 2): the factor of products with outputs and
// within, and the skip weight. partial (B T, H) float32 holds what the first of two directions gives: y itself where elements are
// float32, null with one direction. flags: a zero for each block, or null. y (B T, H).
extern "C" __global__ void __launch_bounds__(THREADS, 2) siso_tiled(
        const element *__restrict__ u,
        const float *__restrict__ outputs,
        const float *__restrict__ inputs,
        const float *__restrict__ turns,
        const float *__restrict__ within,
        const float *__restrict__ scales,
        float *partial,
        int *flags,
        element *y,
        int sequences,
        int channels,
        int steps) {
    extern __shared__ __align__(16) float shared[];
    // u of sixteen steps, and then y in its place; two, so that one is taken away while the next comes
    float *panels = shared;                                            // (2, CHANNELS, PANEL)
    uint4 *all_matrices = (uint4 *) (shared + 2 * CHANNELS * PANEL);   // (CHANNELS, MATRICES, 32)

    const int column_blocks = (channels + CHANNELS - 1) / CHANNELS;
    const int direction = blockIdx.x % DIRECTIONS;
    const int channel0 = blockIdx.x / DIRECTIONS % column_blocks * CHANNELS;
    const int sequence0 = blockIdx.x / DIRECTIONS / column_blocks * ROWS;
    const int thread = threadIdx.x;
    const int lane = thread % 32;
    const int g = lane / 4;
    const int q = lane % 4;
    const int own = thread / 32;
    const i64 at = (i64) direction * channels + min(channel0 + own, channels - 1);

    uint4 *matrices = all_matrices + own * MATRICES * 32 + lane; // outputs, inputs, within
    float turn_re[2 * TILES];
    float turn_im[2 * TILES];
#pragma unroll
    for (int c = 0; c < 2 * TILES; c++) {
        float2 turn = ((const float2 *) turns)[at * (K / 2) + c * 4 + q];
        turn_re[c] = turn.x;
        turn_im[c] = turn.y;
        const float *row = outputs + (at * STEPS + c % 2 * 8 + g) * K + c / 2 * 16 + 2 * q; // steps c % 2, columns c / 2
        matrices[c * 32] = operand(row[0], row[1], row[8], row[9]);
        const float *column = inputs + (at * STEPS + 2 * q) * K + c * 8 + g;
        matrices[(2 * TILES + c) * 32] = operand(column[0], column[K], column[8 * K], column[9 * K]);
    }
    auto kernel = [&](int lag) { return lag >= 0 ? within[at * STEPS + lag] : 0.f; };
#pragma unroll
    for (int half = 0; half < 2; half++) {
        int lag = half * 8 + g - 2 * q - direction; // the second direction lies strictly in the future
        matrices[(4 * TILES + half) * 32] = operand(kernel(lag), kernel(lag - 1), kernel(lag - 8), kernel(lag - 9));
    }
    const float2 scale = ((const float2 *) scales)[at];

    float states[2 * TILES][4]; // (16 sequences, K): rows g and g + 8, real and imaginary part
#pragma unroll
    for (int c = 0; c < 2 * TILES; c++) {
        states[c][0] = states[c][1] = states[c][2] = states[c][3] = 0.f;
    }

    // what the thread brings and takes; steps of the second direction count from the sequence's end
    const int piece_row = thread / (CHANNELS / 4) / STEPS;
    const int piece_step = thread / (CHANNELS / 4) % STEPS;
    const int piece_channel = thread % (CHANNELS / 4) * 4;
    auto is_there = [&](int i, int t0) {
        return sequence0 + piece_row + i * (ROWS / PIECES) < sequences && t0 + piece_step < steps;
    };
    auto step_of = [&](int t0) { return direction == 0 ? t0 + piece_step : steps - 1 - t0 - piece_step; };
    auto place_of = [&](int i, int t0) {
        return ((i64) (sequence0 + piece_row + i * (ROWS / PIECES)) * steps + step_of(t0)) * channels;
    };
    float next[PIECES][4];
    auto fetch = [&](int t0) {
#pragma unroll
        for (int i = 0; i < PIECES; i++) {
            next[i][0] = next[i][1] = next[i][2] = next[i][3] = 0.f;
            if (is_there(i, t0)) {
                load_four(u + place_of(i, t0), channel0 + piece_channel, channels, next[i]);
            }
        }
    };

    // the first direction stores the steps before `middle` and adds to the others; the second does the reverse
    const int middle = (steps + 2 * STEPS - 1) / (2 * STEPS) * STEPS;
    const int stored = direction == 0 ? middle : steps - middle; // steps that come first
    fetch(0);
    for (int t0 = 0; t0 < steps; t0 += STEPS) {
        float *panel = panels + t0 / STEPS % 2 * (CHANNELS * PANEL);
#pragma unroll
        for (int i = 0; i < PIECES; i++) {
#pragma unroll
            for (int k = 0; k < 4; k++) {
                panel[(piece_channel + k) * PANEL + (piece_row + i * (ROWS / PIECES)) * ROW + piece_step] = next[i][k];
            }
        }
        __syncthreads();
        fetch(t0 + STEPS);

        float2 *rows[2] = {
            (float2 *) (panel + own * PANEL + g * ROW + 2 * q), (float2 *) (panel + own * PANEL + (g + 8) * ROW + 2 * q)};
        u32 steps_in[2][4];
#pragma unroll
        for (int i = 0; i < 4; i++) {
            float2 in = rows[i % 2][i / 2 * 4];
            split_halves(in.x, in.y, steps_in[0][i], steps_in[1][i]);
        }
        float out[2][4] = {};
        float rest[2][4] = {};
        multiply_add_pairs(out[0], rest[0], steps_in, matrices[4 * TILES * 32]);
        multiply_add_pairs(out[1], rest[1], steps_in, matrices[(4 * TILES + 1) * 32]);
#pragma unroll
        for (int c = 0; c < TILES; c++) {
            u32 before[2][4];
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const float *pair = &states[2 * c + i / 2][i % 2 * 2];
                split_halves(pair[0], pair[1], before[0][i], before[1][i]);
            }
            multiply_add_pairs(out[0], rest[0], before, matrices[2 * c * 32]);
            multiply_add_pairs(out[1], rest[1], before, matrices[(2 * c + 1) * 32]);
#pragma unroll
            for (int tile = 2 * c; tile < 2 * c + 2; tile++) { // S += (lamBar^16 - 1) S + what the steps add
                float added[4] = {};
                float added_rest[4] = {};
                multiply_add_pairs(added, added_rest, steps_in, matrices[(2 * TILES + tile) * 32]);
#pragma unroll
                for (int lower = 0; lower < 2; lower++) {
                    float &re = states[tile][2 * lower];
                    float &im = states[tile][2 * lower + 1];
                    float more_re = fmaf(added_rest[2 * lower], 1.f / LEFT_OVER, added[2 * lower]);
                    float more_im = fmaf(added_rest[2 * lower + 1], 1.f / LEFT_OVER, added[2 * lower + 1]);
                    more_re = fmaf(turn_re[tile], re, fmaf(-turn_im[tile], im, more_re));
                    more_im = fmaf(turn_re[tile], im, fmaf(turn_im[tile], re, more_im));
                    re += more_re;
                    im += more_im;
                }
            }
        }
#pragma unroll
        for (int i = 0; i < 4; i++) {
            const float *high = &out[i / 2][i % 2 * 2];
            const float *low = &rest[i / 2][i % 2 * 2];
            float2 both = rows[i % 2][i / 2 * 4];
            both.x = fmaf(fmaf(low[0], 1.f / LEFT_OVER, high[0]), scale.x, scale.y * both.x);
            both.y = fmaf(fmaf(low[1], 1.f / LEFT_OVER, high[1]), scale.x, scale.y * both.y);
            rows[i % 2][i / 2 * 4] = both;
        }

        if (DIRECTIONS == 2 && stored / STEPS * STEPS == t0) { // the first steps that are added to the other's
            await_flag(flags + (blockIdx.x ^ 1));
        } else {
            __syncthreads();
        }
#pragma unroll
        for (int i = 0; i < PIECES; i++) {
            if (is_there(i, t0)) {
                float values[4];
#pragma unroll
                for (int k = 0; k < 4; k++) {
                    values[k] = panel[(piece_channel + k) * PANEL + (piece_row + i * (ROWS / PIECES)) * ROW + piece_step];
                }
                if (DIRECTIONS == 2 && t0 + piece_step < stored) {
                    store_four(values, channel0 + piece_channel, channels, partial + place_of(i, t0));
                } else {
                    if (DIRECTIONS == 2) {
                        float others[4];
                        load_four_afresh(partial + place_of(i, t0), channel0 + piece_channel, channels, others);
#pragma unroll
                        for (int k = 0; k < 4; k++) {
                            values[k] += others[k];
                        }
                    }
                    store_four(values, channel0 + piece_channel, channels, y + place_of(i, t0));
                }
            }
        }
        if (DIRECTIONS == 2 && (stored - 1) / STEPS * STEPS == t0) { // the last steps that the other adds to
            raise_flag(flags + blockIdx.x);
        }
    }
}
