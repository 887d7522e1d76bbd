// Causal grouped-query attention in float32 arithmetic, the softmax taken along with the keys (Dao et al. 2022, algorithm 1). A block
// takes QUERIES rows of one head of one sequence, four neighbouring lanes a row: each has every fourth key's score and every fourth
// four columns of the output. Letters as in LanguageOps.
//
// Compiled for: ELEMENT 0, 1 or 2; WIDTH, P rounded up to a multiple of 16.
#include "element.cuh"
#include "packed.cuh"

#define QUERIES 32
#define KEYS 32
#define THREADS 128
#define ROW (WIDTH + 4) // keeps float4 aligned
#define OWN (KEYS / 4)  // scores of a thread

__device__ __forceinline__ void bring_rows(
        float *to, const element *from, i64 stride, int rows_present, int columns_present, int thread) {
    for (int i = thread; i < KEYS * WIDTH; i += THREADS) {
        int row = i / WIDTH;
        int column = i % WIDTH;
        to[row * ROW + column] =
                row < rows_present && column < columns_present ? widen(from[row * stride + column]) : 0.f;
    }
}

// Arguments as attention_tiled; scale is 1 / sqrt(P).
extern "C" __global__ void __launch_bounds__(THREADS) attention_plain(
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
    extern __shared__ __align__(16) float room[];
    float *query_rows = room;                                 // (QUERIES, ROW)
    float *key_rows = query_rows + QUERIES * ROW;             // (KEYS, ROW), then the values
    float(*weights)[KEYS + 1] = (float(*)[KEYS + 1])(key_rows + KEYS * ROW);

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

    const int thread = threadIdx.x;
    const int own = thread / 4; // its row of the block
    const int part = thread % 4;
    bring_rows(query_rows, query, query_stride, rows, width, thread);
    float sums[WIDTH / 4] = {}; // columns (4 i + part) 4 + k
    float most = -1e30f;
    float total = 0.f;
    for (int s0 = 0; s0 < seen; s0 += KEYS) {
        __syncthreads();
        bring_rows(key_rows, keys + s0 * kv_stride, kv_stride, key_count - s0, width, thread);
        __syncthreads();
        float scores[OWN] = {};
        for (int p = 0; p < WIDTH; p += 4) {
            float4 a = *(const float4 *) (query_rows + own * ROW + p);
#pragma unroll
            for (int i = 0; i < OWN; i++) {
                float4 k = *(const float4 *) (key_rows + (4 * i + part) * ROW + p);
                scores[i] = fmaf(a.x, k.x, fmaf(a.y, k.y, fmaf(a.z, k.z, fmaf(a.w, k.w, scores[i]))));
            }
        }
        float largest = most;
#pragma unroll
        for (int i = 0; i < OWN; i++) {
            scores[i] = s0 + 4 * i + part <= before + own ? scores[i] * scale : -1e30f;
            largest = fmaxf(largest, scores[i]);
        }
        largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 1));
        largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 2));
        float shrink = expf(most - largest);
        most = largest;
        total *= shrink;
#pragma unroll
        for (int i = 0; i < WIDTH / 4; i++) {
            sums[i] *= shrink;
        }
#pragma unroll
        for (int i = 0; i < OWN; i++) {
            scores[i] = expf(scores[i] - most);
            total += scores[i];
            weights[own][4 * i + part] = scores[i];
        }
        __syncthreads();
        bring_rows(key_rows, values + s0 * kv_stride, kv_stride, key_count - s0, width, thread);
        __syncthreads();
        for (int s = 0; s < KEYS; s++) {
            float weight = weights[own][s];
#pragma unroll
            for (int i = 0; i < WIDTH / 16; i++) {
                float4 v = *(const float4 *) (key_rows + s * ROW + (4 * i + part) * 4);
                sums[4 * i] = fmaf(weight, v.x, sums[4 * i]);
                sums[4 * i + 1] = fmaf(weight, v.y, sums[4 * i + 1]);
                sums[4 * i + 2] = fmaf(weight, v.z, sums[4 * i + 2]);
                sums[4 * i + 3] = fmaf(weight, v.w, sums[4 * i + 3]);
            }
        }
    }
    total += __shfl_xor_sync(0xffffffffu, total, 1);
    total += __shfl_xor_sync(0xffffffffu, total, 2);
    if (own < rows) {
        element *to = out + (i64) (row + own) * heads * width + head * width;
#pragma unroll
        for (int i = 0; i < WIDTH / 4; i++) {
            int column = (i / 4 * 4 + part) * 4 + i % 4;
            if (column < width) {
                to[column] = narrowed<element>(sums[i] / total);
            }
        }
    }
}
