// The scans of an S5 layer (Smith et al. 2023, eq. 2) and what it puts out, 64 steps at a time: the states of a tile of steps, from the
// states at its ends, exist in shared memory alone, where the output matrix finds them.
//
// Compiled for: PADDED, H filled up to a multiple of 32; WHOLE 1 where that is H; DIRECTIONS 1 or 2; TERMS, see tile_product.cuh.
#include "tile_product.cuh"

#define WARPS (PADDED / 32)
#define THREADS (32 * WARPS)
#define AHEAD 8 // steps that are read before they are needed

__device__ __forceinline__ void copy_or_clear(float *to, const float *from, bool present) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
                 :
                 : "r"((u32) __cvta_generic_to_shared(to)), "l"(from), "r"(present ? 16 : 0)
                 : "memory");
}

// Brings the inputs of `group` states from `first` on of a tile's steps to shared memory, real parts before imaginary ones.
__device__ __forceinline__ void bring(float *to, const float *v, int there, int states, int first, int group) {
    if (states % 4 == 0) {
        const int quarters = group / 4;
        for (int i = threadIdx.x; i < TILE * 2 * quarters; i += THREADS) {
            int step = i / (2 * quarters);
            int part = i / quarters % 2;
            int state = i % quarters * 4;
            bool present = step < there && first + state < states;
            const float *from = present ? v + (i64) step * 2 * states + part * states + first + state : v;
            copy_or_clear(to + (step * 2 + part) * group + state, from, present);
        }
        asm volatile("cp.async.commit_group;" ::: "memory");
    } else {
        for (int i = threadIdx.x; i < TILE * 2 * group; i += THREADS) {
            int step = i / (2 * group);
            int part = i / group % 2;
            int state = i % group;
            bool present = step < there && first + state < states;
            to[i] = present ? v[(i64) step * 2 * states + part * states + first + state] : 0.f;
        }
    }
}

// One state's scan over the tile, forwards or backwards: x = lam x + v. from, to: at the tile's first step, real part; the imaginary part
// lies `from_part` and `to_part` further.
template <int WAY>
__device__ __forceinline__ void scan(
        float re, float im, float lam_re, float lam_im, const float *from, int from_step, int from_part, float *to, int to_step, int to_part) {
    for (int t0 = 0; t0 < TILE; t0 += AHEAD) {
        float in_re[AHEAD];
        float in_im[AHEAD];
#pragma unroll
        for (int i = 0; i < AHEAD; i++) {
            const int t = WAY > 0 ? t0 + i : TILE - 1 - t0 - i;
            in_re[i] = from[t * from_step];
            in_im[i] = from[t * from_step + from_part];
        }
#pragma unroll
        for (int i = 0; i < AHEAD; i++) {
            const int t = WAY > 0 ? t0 + i : TILE - 1 - t0 - i;
            const float more_re = fmaf(lam_re, re, fmaf(-lam_im, im, in_re[i]));
            im = fmaf(lam_re, im, fmaf(lam_im, re, in_im[i]));
            re = more_re;
            to[t * to_step] = tile_element(re);
            to[t * to_step + to_part] = tile_element(im);
        }
    }
}

// v (B T, 2 P), real parts before imaginary ones. lam (2, P). ends (B, tiles, DIRECTIONS, 2, P): the state before a tile's first step,
// and after its last step in the second direction. weight: C, packed, `group` states after the other: of each its directions, of these
// real parts, then imaginary ones; in multiples of unit. u (B T, H); scale, shift (H) or null; d (H): y = C x + d (scale u + shift).
// y (B T, H).
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) diagonal_output(
        const float *__restrict__ v,
        const float *__restrict__ lam,
        const float *__restrict__ ends,
        const uint4 *__restrict__ weight,
        float unit,
        const float *__restrict__ u,
        const float *__restrict__ scale,
        const float *__restrict__ shift,
        const float *__restrict__ d,
        float *__restrict__ y,
        int steps,
        int channels,
        int states,
        int group,
        int backwards) {
    extern __shared__ __align__(16) float shared[];
    const int columns = DIRECTIONS * 2 * group;
    const int stride = columns + 4;
    float *inputs = shared;                  // (64, 2, group)
    float *tile = shared + TILE * 2 * group; // (64, stride)

    const int tiles = (steps + TILE - 1) / TILE;
    const int own_tile = tile_of_block(backwards);
    const int sequence = own_tile / tiles;
    const int t0 = own_tile % tiles * TILE;
    const int there = min(TILE, steps - t0);
    const i64 row0 = (i64) sequence * steps + t0;
    const int warp = threadIdx.x / 32;
    const int q = threadIdx.x % 4;
    v += row0 * 2 * states;
    u += row0 * channels;
    y += row0 * channels;
    ends += (i64) own_tile * DIRECTIONS * 2 * states;

    float sums[TILE / 16][4][4] = {};
    bring(inputs, v, there, states, 0, group);
    for (int first = 0; first < states; first += group) {
        asm volatile("cp.async.wait_all;" ::: "memory");
        __syncthreads();
        for (int i = threadIdx.x; i < DIRECTIONS * group; i += THREADS) {
            const int direction = i / group;
            const int own = i % group;
            const int state = first + own;
            const bool present = state < states;
            const float re = present ? ends[direction * 2 * states + state] : 0.f;
            const float im = present ? ends[(direction * 2 + 1) * states + state] : 0.f;
            const float lam_re = present ? lam[state] : 0.f;
            const float lam_im = present ? lam[states + state] : 0.f;
            float *to = tile + direction * 2 * group + own;
            if (direction == 0) {
                scan<1>(re, im, lam_re, lam_im, inputs + own, 2 * group, group, to, stride, group);
            } else {
                scan<-1>(re, im, lam_re, lam_im, inputs + own, 2 * group, group, to, stride, group);
            }
        }
        __syncthreads();
        if (first + group < states) {
            bring(inputs, v, there, states, first + group, group);
        }
        const int step = PADDED / 16 * 32;
        if (first + group >= states) { // not much before it is needed, so that it is still there
            expect(u, there * channels);
        }
        add_product(sums, tile, stride, weight + warp * 64, 32, step, columns / 16);
        weight += columns / 16 * OF_SIXTEEN * step;
    }

#pragma unroll
    for (int n = 0; n < 2 * PAIRS; n++) {
        const int column = warp * 32 + n * 8 + 2 * q;
        float2 in[AT_ONCE];
        float2 factor = load_two(d, column, channels);
        float2 term = {0.f, 0.f};
        if (scale != nullptr) {
            const float2 more = load_two(shift, column, channels);
            term = {factor.x * more.x, factor.y * more.y};
            const float2 own = load_two(scale, column, channels);
            factor = {factor.x * own.x, factor.y * own.y};
        }
#pragma unroll
        for (int i = 0; i < LANE_ROWS; i++) {
            if (i % AT_ONCE == 0) {
                load_twos(in, u, i, there, column, channels);
            }
            if (lane_row(i) < there) {
                const float *pair = &sums[i / 2][n][i % 2 * 2];
                float2 sum = {fmaf(factor.x, in[i % AT_ONCE].x, fmaf(pair[0], unit, term.x)), fmaf(factor.y, in[i % AT_ONCE].y, fmaf(pair[1], unit, term.y))};
                store_two(sum, y + (i64) lane_row(i) * channels, column, channels);
            }
        }
    }
}
