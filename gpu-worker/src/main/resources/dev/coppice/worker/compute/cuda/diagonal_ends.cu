// The states of an S5 layer (Smith et al. 2023, eq. 2) at the ends of tiles of steps, from what each tile leaves by itself.
//
// Compiled for: DIRECTIONS 1 or 2.
#include "common.cuh"

#define AHEAD 8 // tiles that are read before they are needed

// lam (2, P): lamBar to the power of a tile's steps, real part before imaginary one. ends (B, tiles, DIRECTIONS, 2, P): see
// diagonal_input.cu; then the state before a tile's first step, and after its last step in the second direction.
extern "C" __global__ void diagonal_ends(const float *__restrict__ lam, float *ends, int sequences, int tiles, int states) {
    const int index = blockIdx.x * blockDim.x + threadIdx.x; // of all directions and states
    if (index >= sequences * DIRECTIONS * states) {
        return;
    }
    const int state = index % states;
    const int direction = index / states % DIRECTIONS;
    const i64 step = (i64) DIRECTIONS * 2 * states * (direction == 0 ? 1 : -1);
    float *at = ends + ((i64) (index / states / DIRECTIONS) * tiles * DIRECTIONS + direction) * 2 * states + state;
    at += direction == 0 ? 0 : (i64) (tiles - 1) * DIRECTIONS * 2 * states;
    const float lam_re = lam[state];
    const float lam_im = lam[states + state];
    float re = 0.f;
    float im = 0.f;
    for (int first = 0; first < tiles; first += AHEAD) {
        float2 left[AHEAD];
#pragma unroll
        for (int i = 0; i < AHEAD; i++) {
            left[i] = first + i < tiles ? make_float2(at[i * step], at[i * step + states]) : make_float2(0.f, 0.f);
        }
#pragma unroll
        for (int i = 0; i < AHEAD; i++) {
            if (first + i < tiles) {
                at[i * step] = re;
                at[i * step + states] = im;
                const float more = fmaf(lam_re, re, fmaf(-lam_im, im, left[i].x));
                im = fmaf(lam_re, im, fmaf(lam_im, re, left[i].y));
                re = more;
            }
        }
        at += AHEAD * step;
    }
}
