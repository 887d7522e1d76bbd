// Mamba-1's recurrence (Gu and Dao 2023, algorithm 2). A block takes 32 channels of one sequence, a channel on 4 neighbouring lanes
// with a quarter of its states each; x, dt, B and C come to shared memory STEPS rows at a time, the next ones on their way meanwhile.
// Letters as in LanguageOps.
//
// Compiled for: ELEMENT 0, 1 or 2; STATES, N rounded up to a multiple of 4.
#include "element.cuh"
#include "steps.cuh"

#define STEPS 32
#define CHANNELS 32
#define THREADS 128
#define OWN (STATES / 4)                                                 // states of a thread
#define X_LOADS (STEPS * CHANNELS / THREADS)                             // of a thread
#define BC_LOADS ((STEPS * STATES + THREADS - 1) / THREADS)

// x, dt (R, C), b, c (R, N); a (C, N), d (C), dt_bias (C) or null; offsets (S + 1); start (S', C, N) by parents (S), or null; y (R, C);
// state (S, C, N) or null.
extern "C" __global__ void __launch_bounds__(THREADS) selective_scan(
        const element *__restrict__ x,
        i64 x_stride,
        const element *__restrict__ dt,
        i64 dt_stride,
        const element *__restrict__ b,
        i64 b_stride,
        const element *__restrict__ c,
        i64 c_stride,
        const float *__restrict__ a,
        const float *__restrict__ d,
        const float *__restrict__ dt_bias,
        const int *__restrict__ offsets,
        const float *__restrict__ start,
        const int *__restrict__ parents,
        element *__restrict__ y,
        float *__restrict__ state,
        int channels,
        int states) {
    __shared__ float x_rows[STEPS][CHANNELS];
    __shared__ float dt_rows[STEPS][CHANNELS];
    __shared__ float y_rows[STEPS][CHANNELS];
    __shared__ __align__(16) float b_rows[STEPS * STATES];
    __shared__ __align__(16) float c_rows[STEPS * STATES];

    const int column_blocks = (channels + CHANNELS - 1) / CHANNELS;
    const int channel0 = blockIdx.x % column_blocks * CHANNELS;
    const int sequence = blockIdx.x / column_blocks;
    const int row = offsets[sequence];
    const int length = offsets[sequence + 1] - row;
    const int thread = threadIdx.x;
    const int own = thread / 4; // its channel of the block
    const int part = thread % 4;
    const int channel = channel0 + own;
    x += row * x_stride + channel0;
    dt += row * dt_stride + channel0;
    b += row * b_stride;
    c += row * c_stride;
    y += (i64) row * channels + channel0;

    float rates[OWN];
    float s[OWN];
#pragma unroll
    for (int i = 0; i < OWN; i++) {
        int n = part * OWN + i;
        bool there = channel < channels && n < states;
        rates[i] = there ? a[(i64) channel * states + n] * 1.44269504f : 0.f;
        s[i] = there && start != nullptr ? start[((i64) parents[sequence] * channels + channel) * states + n] : 0.f;
    }
    // the column of x, dt and y that the thread brings and takes
    const int lane = thread % CHANNELS;
    const bool present = channel0 + lane < channels;
    const float bias = present && dt_bias != nullptr ? dt_bias[channel0 + lane] : 0.f;
    const float skip = present ? d[channel0 + lane] : 0.f;

    element next_x[X_LOADS];
    element next_dt[X_LOADS];
    element next_b[BC_LOADS];
    element next_c[BC_LOADS];
    auto fetch = [&](int t0) {
#pragma unroll
        for (int i = 0; i < X_LOADS; i++) {
            int t = t0 + thread / CHANNELS + i * (THREADS / CHANNELS);
            bool there = present && t < length;
            next_x[i] = there ? x[t * x_stride + lane] : element{};
            next_dt[i] = there ? dt[t * dt_stride + lane] : element{};
        }
#pragma unroll
        for (int i = 0; i < BC_LOADS; i++) {
            int at = thread + i * THREADS;
            int t = t0 + at / STATES;
            int n = at % STATES;
            bool there = t < length && n < states;
            next_b[i] = there ? b[t * b_stride + n] : element{};
            next_c[i] = there ? c[t * c_stride + n] : element{};
        }
    };

    fetch(0);
    for (int t0 = 0; t0 < length; t0 += STEPS) {
        const int count = min(STEPS, length - t0);
#pragma unroll
        for (int i = 0; i < X_LOADS; i++) {
            int t = thread / CHANNELS + i * (THREADS / CHANNELS);
            x_rows[t][lane] = widen(next_x[i]);
            dt_rows[t][lane] = step_size(widen(next_dt[i]) + bias);
        }
#pragma unroll
        for (int i = 0; i < BC_LOADS; i++) {
            int at = thread + i * THREADS;
            if (at < STEPS * STATES) {
                b_rows[at] = widen(next_b[i]);
                c_rows[at] = widen(next_c[i]);
            }
        }
        __syncthreads();
        if (t0 + STEPS < length) {
            fetch(t0 + STEPS);
        }
#pragma unroll 4
        for (int t = 0; t < count; t++) {
            float step = dt_rows[t][own];
            float input = step * x_rows[t][own];
            float own_b[OWN];
            float own_c[OWN];
#pragma unroll
            for (int i = 0; i < OWN; i++) {
                own_b[i] = b_rows[t * STATES + part * OWN + i];
                own_c[i] = c_rows[t * STATES + part * OWN + i];
            }
            float sum = 0.f;
#pragma unroll
            for (int i = 0; i < OWN; i++) {
#if ELEMENT == 0
                s[i] += fmaf(s[i], power_of_two_less_one(step * rates[i]), input * own_b[i]);
#else
                s[i] = fmaf(s[i], power_of_two(step * rates[i]), input * own_b[i]);
#endif
                sum = fmaf(s[i], own_c[i], sum);
            }
            sum += __shfl_xor_sync(0xffffffffu, sum, 1);
            sum += __shfl_xor_sync(0xffffffffu, sum, 2);
            if (part == 0) {
                y_rows[t][own] = sum;
            }
        }
        __syncthreads();
#pragma unroll
        for (int i = 0; i < X_LOADS; i++) {
            int t = thread / CHANNELS + i * (THREADS / CHANNELS);
            if (present && t < count) {
                y[(i64) (t0 + t) * channels + lane] = narrowed<element>(y_rows[t][lane] + skip * x_rows[t][lane]);
            }
        }
        __syncthreads();
    }

    if (state != nullptr && channel < channels) {
#pragma unroll
        for (int i = 0; i < OWN; i++) {
            int n = part * OWN + i;
            if (n < states) {
                state[((i64) sequence * channels + channel) * states + n] = s[i];
            }
        }
    }
}
