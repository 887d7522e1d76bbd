// The scans of an S5 layer (Smith et al. 2023, eq. 2), both directions in one launch: x_t = lamBar x_(t-1) + v_t and
// z_t = lamBar z_(t+1) + v_t for complex v, states of all sequences side by side. A block takes STATES states in PIECES equal
// pieces of time. Each thread first finds what its piece leaves to the pieces after and before it, then scans with what it is left.
//
// Compiled for: ELEMENT 0, 1 or 2, of the states; DIRECTIONS 1 or 2.
#include "element.cuh"

#define STATES 8 // 32 bytes of float32
#define PIECES 64
#define THREADS (STATES * PIECES)
#define AHEAD 8 // steps that are on their way at a time

struct complex {
    float re;
    float im;
};

__device__ __forceinline__ complex operator*(complex a, complex b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

// a b + c
__device__ __forceinline__ complex add(complex a, complex b, complex c) {
    return {fmaf(a.re, b.re, fmaf(-a.im, b.im, c.re)), fmaf(a.re, b.im, fmaf(a.im, b.re, c.im))};
}

__device__ __forceinline__ complex power(complex base, int exponent) {
    complex result = {1.f, 0.f};
    for (; exponent > 0; exponent /= 2) {
        if (exponent % 2 == 1) {
            result = result * base;
        }
        base = base * base;
    }
    return result;
}

// v (B T, 2 P) float32, real parts before imaginary ones; lam (2, P); states (B T, DIRECTIONS 2 P), each direction as v. B sequences, T steps,
// P states.
extern "C" __global__ void __launch_bounds__(THREADS) diagonal_scan(
        const float *__restrict__ v,
        const float *__restrict__ lam,
        element *__restrict__ states,
        int sequences,
        int steps,
        int width) {
    __shared__ complex after[PIECES][STATES];  // what a piece alone leaves to the next one
    __shared__ complex before[PIECES][STATES]; // and to the one before it
    const int lane = threadIdx.x % STATES;
    const int own = threadIdx.x / STATES; // its piece
    const int index = blockIdx.x * STATES + lane; // of all sequences' states
    const bool present = index < sequences * width;
    const int state = present ? index % width : 0;
    const int sequence = present ? index / width : 0;
    const int piece = (steps + PIECES - 1) / PIECES;
    const int first = min(steps, own * piece);
    const int end = min(steps, first + piece);
    const int in_stride = 2 * width;
    const int out_stride = DIRECTIONS * 2 * width;
    const float *in = v + (i64) sequence * steps * in_stride + state;
    element *out = states + (i64) sequence * steps * out_stride + state;
    const complex rate = {lam[state], lam[width + state]};

    auto input = [&](int t) -> complex {
        if (t >= end) {
            return {0.f, 0.f};
        }
        return {in[(i64) t * in_stride], in[(i64) t * in_stride + width]};
    };

    complex x = {0.f, 0.f};
    complex z = {0.f, 0.f};
    complex turned = {1.f, 0.f}; // lam^(t - first)
    const complex turn = power(rate, AHEAD);
    for (int t = first; t < end; t += AHEAD) {
        complex inputs[AHEAD];
#pragma unroll
        for (int i = 0; i < AHEAD; i++) {
            inputs[i] = input(t + i);
        }
#pragma unroll
        for (int i = 0; i < AHEAD; i++) {
            if (t + i < end) {
                x = add(rate, x, inputs[i]);
            }
        }
        if (DIRECTIONS == 2) {
            complex ahead = inputs[AHEAD - 1];
#pragma unroll
            for (int i = AHEAD - 2; i >= 0; i--) {
                ahead = add(rate, ahead, inputs[i]);
            }
            z = add(turned, ahead, z);
            turned = turned * turn;
        }
    }
    after[own][lane] = x;
    before[own][lane] = z;
    __syncthreads();

    const complex whole = power(rate, piece);
    x = {0.f, 0.f};
    for (int i = 0; i < own; i++) {
        x = add(whole, x, after[i][lane]);
    }
    z = {0.f, 0.f};
    for (int i = PIECES - 1; i > own; i--) {
        z = add(whole, z, before[i][lane]); // the last pieces may be short or empty: nothing lies behind them
    }
    if (!present) {
        return;
    }
    for (int t = first; t < end; t += AHEAD) {
        complex inputs[AHEAD];
#pragma unroll
        for (int i = 0; i < AHEAD; i++) {
            inputs[i] = input(t + i);
        }
#pragma unroll
        for (int i = 0; i < AHEAD; i++) {
            if (t + i < end) {
                x = add(rate, x, inputs[i]);
                out[(i64) (t + i) * out_stride] = narrowed<element>(x.re);
                out[(i64) (t + i) * out_stride + width] = narrowed<element>(x.im);
            }
        }
    }
    if (DIRECTIONS == 2) {
        out += 2 * width;
        for (int t = first + (end - first - 1) / AHEAD * AHEAD; t >= first && first < end; t -= AHEAD) {
            complex inputs[AHEAD];
#pragma unroll
            for (int i = 0; i < AHEAD; i++) {
                inputs[i] = input(t + i);
            }
#pragma unroll
            for (int i = AHEAD - 1; i >= 0; i--) {
                if (t + i < end) {
                    z = add(rate, z, inputs[i]);
                    out[(i64) (t + i) * out_stride] = narrowed<element>(z.re);
                    out[(i64) (t + i) * out_stride + width] = narrowed<element>(z.im);
                }
            }
        }
    }
}
