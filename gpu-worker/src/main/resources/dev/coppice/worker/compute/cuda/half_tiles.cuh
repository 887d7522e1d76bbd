// Tiles of 64 rows of float16 numbers, each row times a power of two of its own: as many digits as tf32 has, and products of twice the speed.
// Numbers more than 2^29 times smaller than the largest of their row lose digits. Fragments of a lane as in tensor_cores.cuh.
#pragma once
#include "tile_product.cuh"

#define HALVES_STRIDE (PADDED + 8)
#define VECTOR (WHOLE && PADDED % 128 == 0)
#define OF_LANE (PADDED / 32)                  // elements of a row
#define ROWS_AT_ONCE (PADDED <= 128 ? 8 : 4)   // that a warp reads before it needs them

__device__ __forceinline__ u32 two_halves(float first, float second) {
    u32 both;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(both) : "f"(second), "f"(first));
    return both;
}

__device__ __forceinline__ void multiply_add_halves(float *sums, const u32 *a, u32 b0, u32 b1) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// As add_product, with a tile (64, HALVES_STRIDE) of float16 and a weight packed for it.
__device__ __forceinline__ void add_halves_product(
        float (&sums)[TILE / 16][2 * PAIRS][4], const u16 *tile, const uint4 *weight, int other, int step, int depth) {
    const int lane = threadIdx.x % 32;
    u32 row = (u32) __cvta_generic_to_shared(tile + (lane % 16) * HALVES_STRIDE + lane / 16 * 8);
    weight += lane;
    uint4 next[PAIRS]; // is on its way
#pragma unroll
    for (int p = 0; p < PAIRS; p++) {
        next[p] = __ldg(weight + p * other);
    }
#pragma unroll 2
    for (int k = 0; k < depth; k++) {
        uint4 now[PAIRS];
#pragma unroll
        for (int p = 0; p < PAIRS; p++) {
            now[p] = next[p];
        }
        if (k + 1 < depth) {
            weight += step;
#pragma unroll
            for (int p = 0; p < PAIRS; p++) {
                next[p] = __ldg(weight + p * other);
            }
        }
#pragma unroll
        for (int m = 0; m < TILE / 16; m++) {
            u32 a[4];
            load_fragment(a, row + m * 16 * HALVES_STRIDE * 2);
#pragma unroll
            for (int p = 0; p < PAIRS; p++) {
                multiply_add_halves(sums[m][2 * p], a, now[p].x, now[p].y);
                multiply_add_halves(sums[m][2 * p + 1], a, now[p].z, now[p].w);
            }
        }
        row += 32;
    }
}

// The column of element `i` of a lane's row.
__device__ __forceinline__ int lane_column(int i) {
    const int lane = threadIdx.x % 32;
    return VECTOR ? i / 4 * 128 + lane * 4 + i % 4 : i * 32 + lane;
}

// Fills a tile with map(element, i) of rows (there, columns), i as in lane_column, and zeros. A row's scale is what its float16 numbers
// are multiples of.
template <class F>
__device__ __forceinline__ void fill_halves(u16 *tile, float *scales, const float *rows, int there, int columns, F map) {
    const int warps = blockDim.x / 32;
    for (int first = threadIdx.x / 32; first < TILE; first += warps * ROWS_AT_ONCE) {
        float values[ROWS_AT_ONCE][OF_LANE];
#pragma unroll
        for (int r = 0; r < ROWS_AT_ONCE; r++) {
            const int row = first + r * warps;
#pragma unroll
            for (int i = 0; i < OF_LANE; i++) {
                values[r][i] = 0.f;
            }
            if (row < there) {
                const float *from = rows + (i64) row * columns;
#if VECTOR
#pragma unroll
                for (int i = 0; i < OF_LANE; i += 4) {
                    *(float4 *) &values[r][i] = *(const float4 *) (from + lane_column(i));
                }
#else
#pragma unroll
                for (int i = 0; i < OF_LANE; i++) {
                    values[r][i] = lane_column(i) < columns ? from[lane_column(i)] : 0.f;
                }
#endif
            }
        }
#pragma unroll
        for (int r = 0; r < ROWS_AT_ONCE; r++) {
            const int row = first + r * warps;
            u32 most = 0;
#pragma unroll
            for (int i = 0; i < OF_LANE; i++) {
                const bool present = row < there && (WHOLE || lane_column(i) < columns);
                values[r][i] = present ? map(values[r][i], i) : 0.f;
                most = max(most, __float_as_uint(values[r][i]) & 0x7fffffffu);
            }
            most = __reduce_max_sync(0xffffffffu, most);
            const int exponent = min(max((int) (most >> 23), 20), 250); // brought to 14 above that of 1
            const float factor = __int_as_float((127 + 141 - exponent) << 23);
            if (row < TILE) {
                if (threadIdx.x % 32 == 0) {
                    scales[row] = __int_as_float((exponent - 14) << 23);
                }
                u16 *to = tile + row * HALVES_STRIDE;
#if VECTOR
#pragma unroll
                for (int i = 0; i < OF_LANE; i += 4) {
                    const float *four = &values[r][i];
                    *(uint2 *) (to + lane_column(i)) = make_uint2(
                            two_halves(four[0] * factor, four[1] * factor), two_halves(four[2] * factor, four[3] * factor));
                }
#else
#pragma unroll
                for (int i = 0; i < OF_LANE; i++) {
                    to[lane_column(i)] = narrowed<f16>(values[r][i] * factor).bits;
                }
#endif
            }
        }
    }
}
