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

// Copies 16 bytes from global to shared memory in the background, or clears them.
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
    constexpr int PIECES = COLUMNS / 8;
#pragma unroll 4
    for (int i = thread; i < ROWS * PIECES; i += THREADS) {
        int row = i / PIECES;
        int column = i % PIECES * 8;
        element *target = to + row * STRIDE + column;
#if ALIGNED
        bool present = row < rows_present && column < columns_present;
        copy_or_clear(target, present ? from + row * from_stride + column : from, present);
#else
        for (int k = 0; k < 8; k++) {
            bool present = row < rows_present && column + k < columns_present;
            target[k] = present ? from[row * from_stride + column + k] : element{};
        }
#endif
    }
}
