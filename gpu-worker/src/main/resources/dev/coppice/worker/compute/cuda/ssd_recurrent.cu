// Mamba-2's recurrence step by step (Dao and Gu 2024, eq. 2), in float32 arithmetic for elements of any type: the float32 path, and
// the path of GPUs without tensor cores for the chunked form. A block takes one head (a tile of WIDTH of its columns) of one sequence;
// a thread keeps 4 rows of the state by STATES / 16 of its columns in registers. Letters as in LanguageOps.
//
// Compiled for: ELEMENT 0, 1 or 2; STATES, N rounded up to a multiple of 16; DISCRETE 0 or 1.
#include "element.cuh"
#include "steps.cuh"

#define STEPS 16 // staged in shared memory at a time
#define WIDTH 64
#define THREADS 256
#define OWN (STATES / 16) // columns of the state of a thread
#define BC_LOADS (STEPS * STATES / THREADS)
#define X_LOADS (STEPS * WIDTH / THREADS)

#if OWN % 4 == 0
typedef float4 several;
#elif OWN % 2 == 0
typedef float2 several;
#else
typedef float several;
#endif
#define SEVERAL ((int) (sizeof(several) / sizeof(float)))

// columns (i 16 + part) SEVERAL + k for all i and k
__device__ __forceinline__ void load_own(const float *row, int part, float *own) {
#pragma unroll
    for (int i = 0; i < OWN / SEVERAL; i++) {
        *(several *) (own + i * SEVERAL) = ((const several *) row)[i * 16 + part];
    }
}

// Arguments and blocks as ssd_chunked.
extern "C" __global__ void __launch_bounds__(THREADS, STATES > 128 ? 1 : 2) ssd_recurrent(
        const element *__restrict__ x,
        i64 x_stride,
        const element *__restrict__ b,
        i64 b_stride,
        const element *__restrict__ c,
        i64 c_stride,
        const element *__restrict__ dt,
        i64 dt_stride,
        const float *__restrict__ a,
        const float *__restrict__ dt_bias,
        float dt_min,
        float dt_max,
        const float *__restrict__ d,
        const int *__restrict__ offsets,
        const float *__restrict__ start,
        const int *__restrict__ parents,
        element *__restrict__ y,
        float *__restrict__ state,
        int heads,
        int heads_per_x,
        int heads_per_b,
        int heads_per_c,
        int width,
        int states) {
    __shared__ __align__(16) float b_rows[STEPS][STATES];
    __shared__ __align__(16) float c_rows[STEPS][STATES];
    __shared__ __align__(16) float x_rows[STEPS][WIDTH];
    __shared__ __align__(16) float y_rows[STEPS][WIDTH];
    __shared__ float decays[STEPS];
    __shared__ float scales[STEPS];

    const int tiles = (width + WIDTH - 1) / WIDTH;
    const int head = blockIdx.x % heads;
    const int column = blockIdx.x / heads % tiles * WIDTH; // of the head
    const int sequence = blockIdx.x / heads / tiles;
    const int columns = min(WIDTH, width - column);
    const int row = offsets[sequence];
    const int length = offsets[sequence + 1] - row;
    const int thread = threadIdx.x;
    const int part = thread % 16;
    const int p0 = thread / 16 * 4;

    x += row * x_stride + head / heads_per_x * width + column;
    b += row * b_stride + head / heads_per_b * states;
    c += row * c_stride + head / heads_per_c * states;
    dt += row * dt_stride + head;
    y += (i64) row * heads * width + head * width + column;
    const float bias = dt_bias == nullptr ? 0.f : dt_bias[head];
    const float skip = d == nullptr ? 0.f : d[head];

    float s[4][OWN];
#pragma unroll
    for (int p = 0; p < 4; p++) {
#pragma unroll
        for (int i = 0; i < OWN; i++) {
            int n = (i / SEVERAL * 16 + part) * SEVERAL + i % SEVERAL;
            bool there = start != nullptr && p0 + p < columns && n < states;
            s[p][i] = !there ? 0.f
                             : start[(((i64) parents[sequence] * heads + head) * width + column + p0 + p) * states + n];
        }
    }

    // rows on their way
    element next_b[BC_LOADS];
    element next_c[BC_LOADS];
    element next_x[X_LOADS];
    element next_dt = element{};
    auto fetch = [&](int t0) {
#pragma unroll
        for (int i = 0; i < BC_LOADS; i++) {
            int t = t0 + (thread + i * THREADS) / STATES;
            int n = (thread + i * THREADS) % STATES;
            bool there = t < length && n < states;
            next_b[i] = there ? b[t * b_stride + n] : element{};
            next_c[i] = there ? c[t * c_stride + n] : element{};
        }
#pragma unroll
        for (int i = 0; i < X_LOADS; i++) {
            int t = t0 + (thread + i * THREADS) / WIDTH;
            int p = (thread + i * THREADS) % WIDTH;
            next_x[i] = t < length && p < columns ? x[t * x_stride + p] : element{};
        }
        if (thread < STEPS && t0 + thread < length) {
            next_dt = dt[(t0 + thread) * dt_stride];
        }
    };

    fetch(0);
    for (int t0 = 0; t0 < length; t0 += STEPS) {
        const int count = min(STEPS, length - t0);
        __syncthreads();
#pragma unroll
        for (int i = 0; i < BC_LOADS; i++) {
            (&b_rows[0][0])[thread + i * THREADS] = widen(next_b[i]);
            (&c_rows[0][0])[thread + i * THREADS] = widen(next_c[i]);
        }
#pragma unroll
        for (int i = 0; i < X_LOADS; i++) {
            (&x_rows[0][0])[thread + i * THREADS] = widen(next_x[i]);
        }
        if (thread < count) {
            float step = step_size(widen(next_dt) + bias);
#if DISCRETE
            decays[thread] = (float) exp(-(double) step);
            scales[thread] = 1.f;
#else
            step = fminf(fmaxf(step, dt_min), dt_max);
            decays[thread] = (float) exp((double) step * a[head]);
            scales[thread] = step;
#endif
        }
        __syncthreads();
        fetch(t0 + STEPS);
#pragma unroll 2
        for (int t = 0; t < count; t++) {
            float own_b[OWN];
            float own_c[OWN];
            load_own(b_rows[t], part, own_b);
            load_own(c_rows[t], part, own_c);
            float4 in = *(const float4 *) &x_rows[t][p0];
            float input[4] = {in.x, in.y, in.z, in.w};
            float decay = decays[t];
            float scale = scales[t];
            float out[4] = {};
#pragma unroll
            for (int p = 0; p < 4; p++) {
                float scaled = scale * input[p];
#pragma unroll
                for (int i = 0; i < OWN; i++) {
                    s[p][i] = fmaf(s[p][i], decay, scaled * own_b[i]);
                    out[p] = fmaf(s[p][i], own_c[i], out[p]);
                }
            }
            // sums over the 16 parts: the halves exchange rows until each lane has one row, then add
            bool upper = part & 8;
            float first = (upper ? out[2] : out[0]) + __shfl_xor_sync(0xffffffffu, upper ? out[0] : out[2], 8);
            float second = (upper ? out[3] : out[1]) + __shfl_xor_sync(0xffffffffu, upper ? out[1] : out[3], 8);
            bool odd = part & 4;
            float sum = (odd ? second : first) + __shfl_xor_sync(0xffffffffu, odd ? first : second, 4);
            sum += __shfl_xor_sync(0xffffffffu, sum, 2);
            sum += __shfl_xor_sync(0xffffffffu, sum, 1);
            if (part % 4 == 0) {
                y_rows[t][p0 + (upper ? 2 : 0) + (odd ? 1 : 0)] = sum;
            }
        }
        __syncthreads();
        for (int i = thread; i < count * WIDTH; i += THREADS) {
            int t = i / WIDTH;
            int p = i % WIDTH;
            if (p < columns) {
                y[(i64) (t0 + t) * heads * width + p] = narrowed<element>(y_rows[t][p] + skip * x_rows[t][p]);
            }
        }
    }

    if (state != nullptr) {
        float *to = state + (((i64) sequence * heads + head) * width + column) * states;
#pragma unroll
        for (int p = 0; p < 4; p++) {
#pragma unroll
            for (int i = 0; i < OWN; i++) {
                int n = (i / SEVERAL * 16 + part) * SEVERAL + i % SEVERAL;
                if (p0 + p < columns && n < states) {
                    to[(i64) (p0 + p) * states + n] = s[p][i];
                }
            }
        }
    }
}
