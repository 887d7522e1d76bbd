// 16-bit matrix products m16n8k16 on tensor cores with float32 sums (sm_80 and later), and how their operands come from shared memory.
// Fragment of a thread, g = lane / 4, q = lane % 4: of A (16, 16) the pairs (g, 2q), (g + 8, 2q), (g, 2q + 8), (g + 8, 2q + 8); of
// B (16, 8) the pairs (2q, g), (2q + 8, g) down a column; of the sums (16, 8) the pairs (g, 2q), (g + 8, 2q).
#pragma once

__device__ __forceinline__ void multiply_add(float *sums, const u32 *a, u32 b0, u32 b1) {
#if ELEMENT == 1
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
#else
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
#endif
                 : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// Operands float16 whatever the elements are.
__device__ __forceinline__ void multiply_add_halves(float *sums, const u32 *a, const u32 *b) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// Two float32 numbers as pairs of float16, and 2^11 of what those leave: 22 binary digits of each, down to 1e-7.
#define LEFT_OVER 2048.f
__device__ __forceinline__ void split_halves(float first, float second, u32 &high, u32 &low) {
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(high) : "f"(second), "f"(first));
    float left = (first - widen(f16{(u16) (high & 0xffffu)})) * LEFT_OVER;
    float right = (second - widen(f16{(u16) (high >> 16)})) * LEFT_OVER;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(low) : "f"(right), "f"(left));
}

__device__ __forceinline__ u32 shared_address(const void *pointer) {
    return (u32) __cvta_generic_to_shared(pointer);
}

// Four 8x8 tiles of 16-bit elements; the lanes 8i to 8i + 7 give the shared addresses of the rows of tile i.
__device__ __forceinline__ void load_tiles(u32 *tiles, u32 row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(tiles[0]), "=r"(tiles[1]), "=r"(tiles[2]), "=r"(tiles[3])
                 : "r"(row)
                 : "memory");
}

// The same, each tile transposed.
__device__ __forceinline__ void load_tiles_transposed(u32 *tiles, u32 row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(tiles[0]), "=r"(tiles[1]), "=r"(tiles[2]), "=r"(tiles[3])
                 : "r"(row)
                 : "memory");
}

// Copies 16 bytes from global to shared memory in the background, or clears them without reading.
__device__ __forceinline__ void copy_or_clear(element *to, const element *from, bool present) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
                 :
                 : "r"(shared_address(to)), "l"(from), "r"(present ? 16 : 0)
                 : "memory");
}

// Copies 4 bytes in the background.
__device__ __forceinline__ void copy_word(float *to, const float *from) {
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" : : "r"(shared_address(to)), "l"(from) : "memory");
}

__device__ __forceinline__ void commit_copies() {
    asm volatile("cp.async.commit_group;" ::: "memory");
}

template <int LEFT> __device__ __forceinline__ void await_copies() {
    asm volatile("cp.async.wait_group %0;" ::"n"(LEFT) : "memory");
}

// Brings (rows, columns) elements to shared memory, `stride` elements from row to row there; what lies beyond `rows_present` and
// `columns_present` becomes zero. ALIGNED: the source's rows begin at multiples of 16 bytes and columns_present is a multiple of 8.
template <int ROWS, int COLUMNS, int STRIDE, int THREADS>
__device__ __forceinline__ void bring(
        element *to, const element *from, i64 from_stride, int rows_present, int columns_present, int thread) {
#if ALIGNED
    constexpr int PIECES = COLUMNS / 8;
    if constexpr (THREADS % PIECES == 0) { // a thread stays in its column
        constexpr int ROWS_AT_ONCE = THREADS / PIECES;
        int row = thread / PIECES;
        int column = thread % PIECES * 8;
        int rows_here = column < columns_present ? rows_present : 0;
        const element *source = from + row * from_stride + column;
        element *target = to + row * STRIDE + column;
#pragma unroll
        for (int i = 0; i < ROWS; i += ROWS_AT_ONCE) {
            copy_or_clear(target + i * STRIDE, source, row + i < rows_here);
            source += ROWS_AT_ONCE * from_stride;
        }
    } else {
#pragma unroll 4
        for (int i = thread; i < ROWS * PIECES; i += THREADS) {
            int row = i / PIECES;
            int column = i % PIECES * 8;
            bool present = row < rows_present && column < columns_present;
            copy_or_clear(to + row * STRIDE + column, from + row * from_stride + column, present);
        }
    }
#else
    for (int i = thread; i < ROWS * COLUMNS; i += THREADS) {
        int row = i / COLUMNS;
        int column = i % COLUMNS;
        bool present = row < rows_present && column < columns_present;
        to[row * STRIDE + column] = present ? from[row * from_stride + column] : element{};
    }
#endif
}
