// What drives the states of an S5 layer (Smith et al. 2023, eq. 2), B (scale u + shift), 64 steps at a time, and what each tile of steps
// leaves to those after and before it by itself.
//
// Compiled for: PADDED, H filled up to a multiple of 32; WHOLE 1 where that is H; DIRECTIONS 1 or 2; TERMS, see tile_product.cuh.
#include "half_tiles.cuh"

#define WARPS (PADDED / 32)
#define THREADS (32 * WARPS)
#define STRIDE (PADDED + 4)
#define AHEAD 8 // steps that are read before they are needed

// u (B T, H). scale, shift (H) or null. weight: real parts of the rows of B, filled up to a multiple of 8 with zeros, imaginary ones
// likewise, and zeros up to a multiple of 32, packed, in multiples of unit; not more than PADDED rows. lam (2, P). v (B T, 2 P), real
// parts before imaginary ones. left (B, tiles, DIRECTIONS, 2, P): the state after a tile that begins with none, and before it in the second direction.
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) diagonal_input(
        const float *__restrict__ u,
        const float *__restrict__ scale,
        const float *__restrict__ shift,
        const uint4 *__restrict__ weight,
        float unit,
        const float *__restrict__ lam,
        float *__restrict__ v,
        float *__restrict__ left,
        int steps,
        int channels,
        int states,
        int backwards) {
    extern __shared__ __align__(16) float shared[]; // the tile, and then the states' inputs; scales before it where it is of float16
    const int tiles = (steps + TILE - 1) / TILE;
    const int own_tile = tile_of_block(backwards);
    const int sequence = own_tile / tiles;
    const int t0 = own_tile % tiles * TILE;
    const int there = min(TILE, steps - t0);
    const i64 row0 = (i64) sequence * steps + t0;
    const int warp = threadIdx.x / 32;
    u += row0 * channels;
    v += row0 * 2 * states;
    left += (i64) own_tile * DIRECTIONS * 2 * states;

#if TERMS == 1
    float *scales = shared;
    u16 *tile = (u16 *) (shared + TILE); // (64, HALVES_STRIDE)
    float factors[OF_LANE];
    float terms[OF_LANE];
#pragma unroll
    for (int i = 0; i < OF_LANE; i++) {
        const bool present = scale != nullptr && (WHOLE || lane_column(i) < channels);
        factors[i] = present ? scale[lane_column(i)] : 1.f;
        terms[i] = present ? shift[lane_column(i)] : 0.f;
    }
    fill_halves(tile, scales, u, there, channels, [&](float v, int i) { return fmaf(v, factors[i], terms[i]); });
#elif WHOLE
    float *tile = shared; // (64, STRIDE)
#pragma unroll 8
    for (int i = threadIdx.x; i < TILE * (PADDED / 4); i += THREADS) {
        int row = i / (PADDED / 4);
        int column = i % (PADDED / 4) * 4;
        float4 in = make_float4(0.f, 0.f, 0.f, 0.f);
        if (row < there) {
            in = *(const float4 *) (u + row * PADDED + column);
            if (scale != nullptr) {
                const float4 factor = *(const float4 *) (scale + column);
                const float4 term = *(const float4 *) (shift + column);
                in = {fmaf(in.x, factor.x, term.x), fmaf(in.y, factor.y, term.y), fmaf(in.z, factor.z, term.z), fmaf(in.w, factor.w, term.w)};
            }
        }
        *(float4 *) (tile + row * STRIDE + column) = in;
    }
#else
    float *tile = shared; // (64, STRIDE)
    for (int i = threadIdx.x; i < TILE * PADDED; i += THREADS) {
        int row = i / PADDED;
        int column = i % PADDED;
        float in = 0.f;
        if (row < there && column < channels) {
            in = u[(i64) row * channels + column];
            in = scale == nullptr ? in : fmaf(in, scale[column], shift[column]);
        }
        tile[row * STRIDE + column] = in;
    }
#endif
    __syncthreads();

    const int half = (states + 7) / 8 * 8; // columns of real parts
    const int rows32 = (2 * half + 31) / 32;
    const int stride = 2 * half + 8; // of the states' inputs
    float sums[TILE / 16][2 * PAIRS][4] = {};
    if (warp < rows32) {
#if TERMS == 1
        add_halves_product(sums, tile, weight + warp * 64, 32, rows32 * 64, PADDED / 16);
#else
        add_product(sums, tile, STRIDE, weight + warp * 64, 32, rows32 * 64, PADDED / 16);
#endif
    }
    __syncthreads();
    float *inputs = TERMS == 1 ? shared + TILE : shared; // (64, stride)
    if (warp < rows32) {
#pragma unroll
        for (int n = 0; n < 2 * PAIRS; n++) {
            const int column = warp * 32 + n * 8 + threadIdx.x % 4 * 2;
            if (column < 2 * half) {
#pragma unroll
                for (int i = 0; i < LANE_ROWS; i++) {
                    const float *pair = &sums[i / 2][n][i % 2 * 2];
#if TERMS == 1
                    const float one = unit * scales[lane_row(i)];
#else
                    const float one = unit;
#endif
                    *(float2 *) (inputs + lane_row(i) * stride + column) = make_float2(one * pair[0], one * pair[1]);
                }
            }
        }
    }
    __syncthreads();

    for (int i = threadIdx.x; i < there * 2 * states; i += THREADS) {
        int row = i / (2 * states);
        int column = i % (2 * states);
        v[i] = inputs[row * stride + (column < states ? column : column - states + half)];
    }
    for (int i = threadIdx.x; i < DIRECTIONS * states; i += THREADS) {
        const int direction = i / states;
        const int state = i % states;
        const float lam_re = lam[state];
        const float lam_im = lam[states + state];
        float re = 0.f;
        float im = 0.f;
        for (int s0 = 0; s0 < TILE; s0 += AHEAD) {
            float2 in[AHEAD];
#pragma unroll
            for (int k = 0; k < AHEAD; k++) {
                const float *at = inputs + (direction == 0 ? s0 + k : TILE - 1 - s0 - k) * stride + state;
                in[k] = make_float2(at[0], at[half]);
            }
#pragma unroll
            for (int k = 0; k < AHEAD; k++) { // what follows the sequence's end is 0, or not looked at
                const float more = fmaf(lam_re, re, fmaf(-lam_im, im, in[k].x));
                im = fmaf(lam_re, im, fmaf(lam_im, re, in[k].y));
                re = more;
            }
        }
        left[direction * 2 * states + state] = re;
        left[(direction * 2 + 1) * states + state] = im;
    }
}
