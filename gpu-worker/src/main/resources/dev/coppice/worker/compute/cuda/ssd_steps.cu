// What ssd_chunked reads instead of dt: for each head and step the sum L of the chunk's log decays up to and with the step (base 2), as
// a float and its rest, since only differences count, which are small where the sums are large; and the scale of the step's input. A
// block takes one chunk of one sequence and 32 heads. Letters as in LanguageOps; Q = CHUNK steps.
//
// Compiled for: ELEMENT 0, 1 or 2; DISCRETE 0 or 1.
#include "element.cuh"
#include "packed.cuh"
#include "steps.cuh"

#define CHUNK 64
#define HEADS 32
#define OWN 8 // steps of a thread
#define THREADS (HEADS * CHUNK / OWN)
#define LOG2E 1.4426950408889634

// dt (R, H); a and dt_bias (H) or null; offsets (S + 1), chunk_offsets (S + 1) of the sequences' chunks; high, low, scale (H, R).
extern "C" __global__ void __launch_bounds__(THREADS) ssd_steps(
        const element *__restrict__ dt,
        i64 dt_stride,
        const float *__restrict__ a,
        const float *__restrict__ dt_bias,
        float dt_min,
        float dt_max,
        const int *__restrict__ offsets,
        const int *__restrict__ chunk_offsets,
        int sequences,
        float *__restrict__ high,
        float *__restrict__ low,
        float *__restrict__ scale,
        int heads,
        int rows) {
    __shared__ float sizes[CHUNK][HEADS + 1];

    const int head_blocks = (heads + HEADS - 1) / HEADS;
    const int head0 = blockIdx.x % head_blocks * HEADS;
    const int chunk = blockIdx.x / head_blocks;
    const int sequence = range_of(chunk_offsets, sequences, chunk);
    const int row = offsets[sequence] + (chunk - chunk_offsets[sequence]) * CHUNK;
    const int count = min(CHUNK, offsets[sequence + 1] - row);
    const int thread = threadIdx.x;

    {
        const int head = head0 + thread % HEADS;
        const float bias = dt_bias != nullptr && head < heads ? dt_bias[head] : 0.f;
#pragma unroll
        for (int i = 0; i < OWN; i++) {
            int t = thread / HEADS + i * (CHUNK / OWN);
            if (t < count && head < heads) {
                float size = step_size(widen(dt[(row + t) * dt_stride + head]) + bias);
#if !DISCRETE
                size = fminf(fmaxf(size, dt_min), dt_max);
#endif
                sizes[t][thread % HEADS] = size;
            } else {
                sizes[t][thread % HEADS] = 0.f;
            }
        }
    }
    __syncthreads();

    const int part = thread % (CHUNK / OWN);
    const int head = head0 + thread / (CHUNK / OWN);
#if DISCRETE
    const double rate = -LOG2E;
#else
    const double rate = head < heads ? a[head] * LOG2E : 0.;
#endif
    float own[OWN];
    double sum = 0.;
#pragma unroll
    for (int i = 0; i < OWN; i++) {
        own[i] = sizes[part * OWN + i][head - head0];
        sum += own[i] * rate;
    }
    double until = sum;
#pragma unroll
    for (int reach = 1; reach < CHUNK / OWN; reach *= 2) {
        double other = __shfl_up_sync(0xffffffffu, until, reach, CHUNK / OWN);
        until += part >= reach ? other : 0.;
    }
    until -= sum;
    if (head < heads) {
        i64 at = (i64) head * rows + row + part * OWN;
#pragma unroll
        for (int i = 0; i < OWN; i++) {
            until += own[i] * rate;
            if (part * OWN + i < count) {
                high[at + i] = (float) until;
                low[at + i] = (float) (until - (float) until);
                scale[at + i] = DISCRETE ? 1.f : own[i];
            }
        }
    }
}
