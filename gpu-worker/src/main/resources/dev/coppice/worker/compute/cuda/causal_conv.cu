// Depthwise causal convolution over packed sequences. A thread walks down ROWS rows with the last K - 1 inputs of its channels in
// registers, so that each input is read once (and K - 1 of ROWS again). Letters as in LanguageOps.
//
// Compiled for: ELEMENT 0, 1 or 2; TAPS, K; SILU 0 or 1; ALIGNED 1 where all rows begin at multiples of 16 bytes and C is a multiple
// of LANES.
#include "element.cuh"
#include "packed.cuh"

#define ROWS 32
#define AHEAD 4 // rows that are on their way at a time
#define THREADS 128
#if ALIGNED
#define CHANNELS LANES // of a thread
#else
#define CHANNELS 1
#endif

__device__ __forceinline__ void load_channels(const element *from, float *to) {
#if ALIGNED
    Pack<element> pack = load_pack(from);
#pragma unroll
    for (int v = 0; v < LANES; v++) {
        to[v] = widen(pack.v[v]);
    }
#else
    *to = widen(*from);
#endif
}

__device__ __forceinline__ void store_channels(const float *from, element *to) {
#if ALIGNED
    Pack<element> pack;
#pragma unroll
    for (int v = 0; v < LANES; v++) {
        narrow(from[v], pack.v[v]);
    }
    store_pack(to, pack);
#else
    *to = narrowed<element>(*from);
#endif
}

// y_t = act(bias + sum_k weight_k x_(t-K+1+k)): x (R, C), weight (C, K), bias (C) or null, offsets (S + 1), start (S', C, K) by
// parents (S), or null; y (R, C).
extern "C" __global__ void __launch_bounds__(THREADS) causal_conv(
        const element *__restrict__ x,
        i64 x_stride,
        const float *__restrict__ weight,
        const float *__restrict__ bias,
        const int *__restrict__ offsets,
        int sequences,
        const float *__restrict__ start,
        const int *__restrict__ parents,
        element *__restrict__ y,
        int channels,
        int rows) {
    const int column_blocks = (channels + THREADS * CHANNELS - 1) / (THREADS * CHANNELS);
    const int channel = (blockIdx.x % column_blocks * THREADS + threadIdx.x) * CHANNELS;
    const int row0 = blockIdx.x / column_blocks * ROWS;
    if (channel >= channels) {
        return;
    }
    float taps[TAPS][CHANNELS];
    float sum0[CHANNELS];
#pragma unroll
    for (int v = 0; v < CHANNELS; v++) {
#if TAPS == 4
        float4 row = ((const float4 *) weight)[channel + v];
        taps[0][v] = row.x;
        taps[1][v] = row.y;
        taps[2][v] = row.z;
        taps[3][v] = row.w;
#else
        for (int k = 0; k < TAPS; k++) {
            taps[k][v] = weight[(channel + v) * TAPS + k];
        }
#endif
        sum0[v] = bias == nullptr ? 0.f : bias[channel + v];
    }
    const element *in = x + channel;
    element *out = y + channel;
    int sequence = range_of(offsets, sequences, row0);
    float window[TAPS][CHANNELS]; // the last K inputs, oldest first

    auto begin_at = [&](int row) { // what lies before a row of the sequence
        int first = offsets[sequence];
#pragma unroll
        for (int k = 1; k < TAPS; k++) {
            int step = row - first - TAPS + k;
            if (step >= 0) {
                load_channels(in + (first + step) * x_stride, window[k]);
            } else {
#pragma unroll
                for (int v = 0; v < CHANNELS; v++) {
                    window[k][v] = start == nullptr
                            ? 0.f
                            : start[((i64) parents[sequence] * channels + channel + v) * TAPS + TAPS + step];
                }
            }
        }
    };
    auto advance = [&](const float *input, int row) {
        float sums[CHANNELS];
#pragma unroll
        for (int v = 0; v < CHANNELS; v++) {
            sums[v] = sum0[v];
#pragma unroll
            for (int k = 0; k < TAPS; k++) {
                window[k][v] = k + 1 < TAPS ? window[k + 1][v] : input[v];
                sums[v] = fmaf(taps[k][v], window[k][v], sums[v]);
            }
#if SILU
            sums[v] = silu(sums[v]);
#endif
        }
        store_channels(sums, out + (i64) row * channels);
    };

    begin_at(row0);
    if (row0 + ROWS <= offsets[sequence + 1]) {
#pragma unroll 1
        for (int row = row0; row < row0 + ROWS; row += AHEAD) {
            float inputs[AHEAD][CHANNELS];
#pragma unroll
            for (int i = 0; i < AHEAD; i++) {
                load_channels(in + (row + i) * x_stride, inputs[i]);
            }
#pragma unroll
            for (int i = 0; i < AHEAD; i++) {
                advance(inputs[i], row + i);
            }
        }
    } else {
#pragma unroll 1
        for (int row = row0; row < min(rows, row0 + ROWS); row++) {
            if (row == offsets[sequence + 1]) {
                while (row == offsets[sequence + 1]) {
                    sequence++;
                }
                begin_at(row);
            }
            float input[CHANNELS];
            load_channels(in + row * x_stride, input);
            advance(input, row);
        }
    }
}

// The windows (S, C, K) after the sequences: their last K inputs, oldest first.
extern "C" __global__ void __launch_bounds__(THREADS) causal_conv_windows(
        const element *__restrict__ x,
        i64 x_stride,
        const int *__restrict__ offsets,
        int sequences,
        const float *__restrict__ start,
        const int *__restrict__ parents,
        float *__restrict__ windows,
        int channels) {
    const int column_blocks = (channels + THREADS - 1) / THREADS;
    const int channel = blockIdx.x % column_blocks * THREADS + threadIdx.x;
    const int sequence = blockIdx.x / column_blocks;
    if (channel >= channels) {
        return;
    }
    const int first = offsets[sequence];
    const int length = offsets[sequence + 1] - first;
    float *to = windows + ((i64) sequence * channels + channel) * TAPS;
#pragma unroll
    for (int k = 0; k < TAPS; k++) {
        int step = length - TAPS + k;
        if (step >= 0) {
            to[k] = widen(x[(first + step) * x_stride + channel]);
        } else {
            to[k] = start == nullptr ? 0.f : start[((i64) parents[sequence] * channels + channel) * TAPS + TAPS + step];
        }
    }
}
