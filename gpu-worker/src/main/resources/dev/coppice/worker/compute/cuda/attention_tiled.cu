// Causal grouped-query attention on tensor cores for 16-bit elements, the softmax taken along with the keys (Dao et al. 2022,
// algorithm 1). A block takes QUERIES rows of one head of one sequence, a warp 16 of them; keys and values come to shared memory KEYS
// rows at a time. Letters as in LanguageOps.
//
// Compiled for: ELEMENT 1 or 2; WIDTH, P rounded up to a multiple of 16; ALIGNED 1 where all rows begin at multiples of 16 bytes and P
// is a multiple of 8.
#include "element.cuh"
#include "packed.cuh"
#include "tensor_cores.cuh"

#define QUERIES 64
#define KEYS 64
#define THREADS 128
#define ROW (WIDTH + 8) // padded against bank conflicts
#define TILES (WIDTH / 16)

// query (R, heads P), keys and values (R', kvHeads P); offsets (S + 1) of the query rows, key_offsets (S + 1), block_offsets (S + 1) of
// the blocks of QUERIES rows; out (R, heads P). scale is log2(e) / sqrt(P).
extern "C" __global__ void __launch_bounds__(THREADS) attention_tiled(
        const element *__restrict__ query,
        i64 query_stride,
        const element *__restrict__ keys,
        const element *__restrict__ values,
        const int *__restrict__ offsets,
        const int *__restrict__ key_offsets,
        const int *__restrict__ block_offsets,
        int sequences,
        element *__restrict__ out,
        int heads,
        int kv_heads,
        int width,
        float scale) {
    extern __shared__ __align__(16) element shared[];
    element *key_rows = shared;                // (KEYS, ROW)
    element *value_rows = shared + KEYS * ROW; // (KEYS, ROW)

    const int head = blockIdx.x % heads;
    const int block = blockIdx.x / heads;
    const int sequence = range_of(block_offsets, sequences, block);
    const int first = (block - block_offsets[sequence]) * QUERIES; // row of the sequence
    const int row = offsets[sequence] + first;
    const int rows = min(QUERIES, offsets[sequence + 1] - row);
    const int key0 = key_offsets[sequence];
    const int key_count = key_offsets[sequence + 1] - key0;
    const int before = key_count - (offsets[sequence + 1] - offsets[sequence]) + first; // keys that precede the block's first row
    const int seen = before + rows; // keys that its last row sees
    const i64 kv_stride = (i64) kv_heads * width;
    query += row * query_stride + head * width;
    keys += key0 * kv_stride + head / (heads / kv_heads) * width;
    values += key0 * kv_stride + head / (heads / kv_heads) * width;
    out += (i64) row * heads * width + head * width;

    const int thread = threadIdx.x;
    const int lane = thread % 32;
    const int band = thread / 32 * 16; // first of the warp's rows
    const int g = lane / 4;
    const int q = lane % 4;
    const u32 down = 2 * (lane % 16 * ROW + lane / 16 * 8);
    const u32 across = 2 * ((lane % 8 + lane / 16 * 8) * ROW + lane / 8 % 2 * 8);
    const u32 keys_at = shared_address(key_rows) + across;
    const u32 values_at = shared_address(value_rows) + down;

    bring<QUERIES, WIDTH, ROW, THREADS>(key_rows, query, query_stride, rows, width, thread);
    commit_copies();
    await_copies<0>();
    __syncthreads();
    u32 query_tiles[TILES][4];
#pragma unroll
    for (int k = 0; k < TILES; k++) {
        load_tiles(query_tiles[k], shared_address(key_rows + band * ROW) + down + k * 32);
    }

    float sums[WIDTH / 8][4] = {}; // of the rows band + g and band + g + 8
    float most[2] = {-1e30f, -1e30f};
    float total[2] = {0.f, 0.f};
    for (int s0 = 0; s0 < seen; s0 += KEYS) {
        __syncthreads();
        bring<KEYS, WIDTH, ROW, THREADS>(key_rows, keys + s0 * kv_stride, kv_stride, key_count - s0, width, thread);
        commit_copies();
        bring<KEYS, WIDTH, ROW, THREADS>(value_rows, values + s0 * kv_stride, kv_stride, key_count - s0, width, thread);
        commit_copies();
        await_copies<1>();
        __syncthreads();
        float scores[KEYS / 8][4] = {};
#pragma unroll
        for (int k = 0; k < TILES; k++) {
#pragma unroll
            for (int s = 0; s < KEYS / 8; s += 2) {
                u32 tiles[4];
                load_tiles(tiles, keys_at + s * 16 * ROW + k * 32);
                multiply_add(scores[s], query_tiles[k], tiles[0], tiles[1]);
                multiply_add(scores[s + 1], query_tiles[k], tiles[2], tiles[3]);
            }
        }
        float largest[2] = {most[0], most[1]};
#pragma unroll
        for (int s = 0; s < KEYS / 8; s++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                int last = before + band + g + i / 2 * 8; // key that the row sees last
                scores[s][i] = s0 + s * 8 + 2 * q + i % 2 <= last ? scores[s][i] * scale : -1e30f;
                largest[i / 2] = fmaxf(largest[i / 2], scores[s][i]);
            }
        }
#pragma unroll
        for (int lower = 0; lower < 2; lower++) {
            largest[lower] = fmaxf(largest[lower], __shfl_xor_sync(0xffffffffu, largest[lower], 1));
            largest[lower] = fmaxf(largest[lower], __shfl_xor_sync(0xffffffffu, largest[lower], 2));
            float shrink = exp2f(most[lower] - largest[lower]);
            most[lower] = largest[lower];
            total[lower] *= shrink;
#pragma unroll
            for (int p = 0; p < WIDTH / 8; p++) {
                sums[p][2 * lower] *= shrink;
                sums[p][2 * lower + 1] *= shrink;
            }
        }
#pragma unroll
        for (int s = 0; s < KEYS / 8; s++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                scores[s][i] = exp2f(scores[s][i] - most[i / 2]);
                total[i / 2] += scores[s][i];
            }
        }
        await_copies<0>();
        __syncthreads();
#pragma unroll
        for (int s = 0; s < KEYS / 8; s += 2) {
            u32 weights[4] = {
                pack(scores[s][0], scores[s][1]),
                pack(scores[s][2], scores[s][3]),
                pack(scores[s + 1][0], scores[s + 1][1]),
                pack(scores[s + 1][2], scores[s + 1][3])};
#pragma unroll
            for (int p = 0; p < WIDTH / 8; p += 2) {
                u32 tiles[4];
                load_tiles_transposed(tiles, values_at + s * 16 * ROW + p * 16);
                multiply_add(sums[p], weights, tiles[0], tiles[1]);
                multiply_add(sums[p + 1], weights, tiles[2], tiles[3]);
            }
        }
    }
#pragma unroll
    for (int lower = 0; lower < 2; lower++) {
        total[lower] += __shfl_xor_sync(0xffffffffu, total[lower], 1);
        total[lower] += __shfl_xor_sync(0xffffffffu, total[lower], 2);
        int r = band + g + lower * 8;
        if (r < rows) {
            element *to = out + (i64) r * heads * width;
            float rate = 1.f / total[lower];
#pragma unroll
            for (int p = 0; p < WIDTH / 8; p++) {
                float value0 = sums[p][2 * lower] * rate;
                float value1 = sums[p][2 * lower + 1] * rate;
                int column = p * 8 + 2 * q;
#if ALIGNED
                if (column < width) {
                    *(u32 *) (to + column) = pack(value0, value1);
                }
#else
                if (column < width) {
                    narrow(value0, to[column]);
                }
                if (column + 1 < width) {
                    narrow(value1, to[column + 1]);
                }
#endif
            }
        }
    }
}
