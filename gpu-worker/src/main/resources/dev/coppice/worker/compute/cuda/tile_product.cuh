// Products of a tile of 64 rows with a weight, float32 operands on tensor cores (sm_80 and later). TERMS 1: each operand is one tf32
// number; the tile's are rounded as they are written, the weight's are float16, which has as many digits, times a power of two. TERMS 3:
// each is a tf32 number and what that leaves of it, 21 binary digits or more together, and their three larger products are summed; since
// tensor cores round towards zero, each eight of depth are summed by themselves (Ootomo and Yokota 2022).
// Fragments of a lane, g = lane / 4, q = lane % 4: of A (16, 8) the elements (g, q), (g + 8, q), (g, q + 4), (g + 8, q + 4); of B (8, 8)
// (q, g) and (q + 4, g); of the sums (16, 8) the pairs (g, 2q), (g + 8, 2q).
#pragma once
#include "common.cuh"

#define TILE 64 // rows

// Blocks of 32 WARPS threads that a multiprocessor has at a time, as registers allow.
#ifndef BLOCKS
#define BLOCKS (16 / WARPS)
#endif

// The tile of this block. Kernels go through the tiles forwards and backwards by turns, so that each begins with what the one before it
// has left in the cache.
__device__ __forceinline__ int tile_of_block(int backwards) {
    return backwards ? gridDim.x - 1 - blockIdx.x : blockIdx.x;
}

// The nearest number of 11 binary digits (Dekker 1971), NaN where v is NaN or infinite.
__device__ __forceinline__ float near_tf32(float v) {
    const float wide = __fmul_rn(v, 8193.f);
    return __fsub_rn(wide, __fsub_rn(wide, v));
}

// As a tile holds it.
__device__ __forceinline__ float tile_element(float v) {
#if TERMS == 1
    return near_tf32(v);
#else
    return v;
#endif
}

// Tensor cores read the first 11 digits of the rest.
__device__ __forceinline__ void split_tf32(float v, u32 &high, u32 &rest) {
    const float near = near_tf32(v);
    high = __float_as_uint(near);
    rest = __float_as_uint(__fsub_rn(v, near));
}

__device__ __forceinline__ void multiply_add_tf32(float *sums, const u32 *a, u32 b0, u32 b1) {
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// A lane's part of (16, 8) float32 elements in shared memory; `row` is the shared address of the row and half that the lane names.
__device__ __forceinline__ void load_fragment(u32 *a, u32 row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(a[0]), "=r"(a[1]), "=r"(a[2]), "=r"(a[3])
                 : "r"(row)
                 : "memory");
}

#define PAIRS 2 // of 8 columns that a warp has at a time

#if TERMS == 1

// A step of depth of add_product: b two float16 numbers for each eight columns.
__device__ __forceinline__ void add_step(
        float (&sums)[TILE / 16][2 * PAIRS][4], u32 row, int stride, const u32 (&b)[2 * PAIRS]) {
    u32 near[2 * PAIRS][2];
#pragma unroll
    for (int n = 0; n < 2 * PAIRS; n++) {
        near[n][0] = __float_as_uint(widen(f16{(u16) b[n]}));
        near[n][1] = __float_as_uint(widen(f16{(u16) (b[n] >> 16)}));
    }
#pragma unroll
    for (int m = 0; m < TILE / 16; m++) {
        u32 a[4];
        load_fragment(a, row + m * 16 * stride * 4);
#pragma unroll
        for (int n = 0; n < 2 * PAIRS; n++) {
            multiply_add_tf32(sums[m][n], a, near[n][0], near[n][1]);
        }
    }
}

#else

// A step of depth of add_product.
__device__ __forceinline__ void add_step(
        float (&sums)[TILE / 16][2 * PAIRS][4], u32 row, int stride, const uint4 (&b)[PAIRS]) {
    u32 high[2 * PAIRS][2];
    u32 low[2 * PAIRS][2];
#pragma unroll
    for (int n = 0; n < 2 * PAIRS; n++) {
        split_tf32(__uint_as_float(n % 2 == 0 ? b[n / 2].x : b[n / 2].z), high[n][0], low[n][0]);
        split_tf32(__uint_as_float(n % 2 == 0 ? b[n / 2].y : b[n / 2].w), high[n][1], low[n][1]);
    }
#pragma unroll
    for (int m = 0; m < TILE / 16; m++) {
        u32 a[4];
        u32 rest[4];
        load_fragment(a, row + m * 16 * stride * 4);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            split_tf32(__uint_as_float(a[i]), a[i], rest[i]);
        }
        float own[2 * PAIRS][4] = {};
#pragma unroll
        for (int n = 0; n < 2 * PAIRS; n++) {
            multiply_add_tf32(own[n], rest, high[n][0], high[n][1]);
        }
#pragma unroll
        for (int n = 0; n < 2 * PAIRS; n++) {
            multiply_add_tf32(own[n], a, low[n][0], low[n][1]);
        }
#pragma unroll
        for (int n = 0; n < 2 * PAIRS; n++) {
            multiply_add_tf32(own[n], a, high[n][0], high[n][1]);
        }
#pragma unroll
        for (int n = 0; n < 2 * PAIRS; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                sums[m][n][i] += own[n][i];
            }
        }
    }
}

#endif

// Adds the product of the tile's first 16 `depth` columns and twice 16 rows of a packed weight to sums (64, 32): [rows / 16]
// [columns / 8]. tile (64, stride) in shared memory, stride a multiple of 8 and 4 more, so that banks do not collide. weight: packed as
// PackedWeight says, from the first wanted row on; the second sixteen lie `other` further, each next step of depth `step` further.
__device__ __forceinline__ void add_product(
        float (&sums)[TILE / 16][2 * PAIRS][4], const float *tile, int stride, const uint4 *weight, int other, int step, int depth) {
    const int lane = threadIdx.x % 32;
    u32 row = (u32) __cvta_generic_to_shared(tile + (lane % 16) * stride + lane / 16 * 4);
    weight += lane;
    uint4 next[PAIRS]; // is on its way
#pragma unroll
    for (int p = 0; p < PAIRS; p++) {
        next[p] = __ldg(weight + p * other);
    }
#if TERMS == 1
#pragma unroll 1
    for (int k = 0; k < depth; k++) { // of both steps of a sixteen at a time
        const u32 first[2 * PAIRS] = {next[0].x, next[0].y, next[1].x, next[1].y};
        const u32 second[2 * PAIRS] = {next[0].z, next[0].w, next[1].z, next[1].w};
        if (k + 1 < depth) {
            weight += step;
#pragma unroll
            for (int p = 0; p < PAIRS; p++) {
                next[p] = __ldg(weight + p * other);
            }
        }
        add_step(sums, row, stride, first);
        add_step(sums, row + 32, stride, second);
        row += 64;
    }
#else
#pragma unroll 1
    for (int k = 0; k < 2 * depth; k++) {
        uint4 now[PAIRS];
#pragma unroll
        for (int p = 0; p < PAIRS; p++) {
            now[p] = next[p];
        }
        if (k + 1 < 2 * depth) {
            weight += step;
#pragma unroll
            for (int p = 0; p < PAIRS; p++) {
                next[p] = __ldg(weight + p * other);
            }
        }
        add_step(sums, row, stride, now);
        row += 32;
    }
#endif
}

#define OF_SIXTEEN (TERMS == 1 ? 1 : 2) // steps of the packed weight

// The rows of a lane's sums, in the order of [rows / 16][lower half].
#define LANE_ROWS (TILE / 8)
#define AT_ONCE 4 // of them are read before they are needed

__device__ __forceinline__ int lane_row(int i) {
    return i / 2 * 16 + i % 2 * 8 + threadIdx.x % 32 / 4;
}

// Brings `count` elements nearer, which are wanted later.
__device__ __forceinline__ void expect(const float *from, int count) {
    for (int i = threadIdx.x * 32; i < count; i += blockDim.x * 32) {
        asm volatile("prefetch.global.L2 [%0];" : : "l"(from + i));
    }
}

// Two neighbouring columns of a row of `columns` elements, zeros beyond the last.
__device__ __forceinline__ float2 load_two(const float *row, int column, int columns) {
#if WHOLE
    return *(const float2 *) (row + column);
#else
    return make_float2(column < columns ? row[column] : 0.f, column + 1 < columns ? row[column + 1] : 0.f);
#endif
}

__device__ __forceinline__ void store_two(float2 two, float *row, int column, int columns) {
#if WHOLE
    *(float2 *) (row + column) = two;
#else
    if (column < columns) {
        row[column] = two.x;
    }
    if (column + 1 < columns) {
        row[column + 1] = two.y;
    }
#endif
}

// The same two columns of AT_ONCE rows of a lane; of those beyond the last of `there`, the last one's.
__device__ __forceinline__ void load_twos(float2 (&twos)[AT_ONCE], const float *rows, int first, int there, int column, int columns) {
#pragma unroll
    for (int i = 0; i < AT_ONCE; i++) {
        twos[i] = load_two(rows + (i64) min(lane_row(first + i), there - 1) * columns, column, columns);
    }
}
