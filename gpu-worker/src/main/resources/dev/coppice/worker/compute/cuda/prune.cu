// Zeros in the place of weights that are pruned. The score of a weight is its size times the norm of its input, in float32; scores
// are not negative, and so in the order of their bits. X: type of the weights. norms (columns), or null for ones.
#include "common.cuh"

#define THREADS 256
#define WARPS (THREADS / 32)
#define BUCKETS 2048
#define LARGEST 0x7f7fffffu // bits of the largest finite number

__device__ __forceinline__ u32 score(X weight, const double* norms, int input) {
  double size = fabs((double)widen(weight));
  return __float_as_uint((float)(norms ? size * norms[input] : size));
}

// Zeroes the scores of a row below the threshold and the first `ties` that equal it; all threads of the block call it.
__device__ __forceinline__ void zero_row(X* weights, const double* norms, int columns, u32 threshold, int ties) {
  __shared__ int counts[WARPS];
  int lane = threadIdx.x & 31, warp = threadIdx.x >> 5, taken = 0;
  for (int from = 0; from < columns; from += THREADS) {
    int c = from + threadIdx.x;
    u32 own = c < columns ? score(weights[c], norms, c) : 0xffffffffu;
    u32 votes = __ballot_sync(0xffffffffu, own == threshold);
    if (lane == 0) counts[warp] = __popc(votes);
    __syncthreads();
    int before = taken + __popc(votes & ((1u << lane) - 1));
    for (int w = 0; w < WARPS; w++) {
      before += w < warp ? counts[w] : 0;
      taken += counts[w];
    }
    if (own < threshold || (own == threshold && before < ties)) narrow(0.0f, weights[c]);
    __syncthreads();
  }
}

// The `count` smallest scores of each row, at least one, the lower column first among equals; one block a row, shared memory of a row.
extern "C" __global__ void zero_smallest(X* __restrict__ weights, const double* __restrict__ norms, int columns, int count,
                                         int* __restrict__ bad) {
  extern __shared__ u32 scores[];
  __shared__ u32 counts[256];
  __shared__ u32 chosen[2]; // the threshold's bits so far, and how many are wanted of the scores that begin with them
  weights += (i64)blockIdx.x * columns;
  for (int c = threadIdx.x; c < columns; c += THREADS) {
    scores[c] = score(weights[c], norms, c);
    if (scores[c] > LARGEST) *bad = 1;
  }
  u32 prefix = 0;
  u32 wanted = count;
  for (int shift = 24; shift >= 0; shift -= 8) {
    counts[threadIdx.x] = 0;
    __syncthreads();
    for (int c = threadIdx.x; c < columns; c += THREADS) {
      u32 own = scores[c];
      if (shift == 24 || own >> (shift + 8) == prefix) atomicAdd(&counts[own >> shift & 255], 1u);
    }
    __syncthreads();
    if (threadIdx.x == 0) {
      u32 bucket = 0, left = wanted;
      while (bucket < 255 && counts[bucket] < left) left -= counts[bucket++];
      chosen[0] = prefix << 8 | bucket;
      chosen[1] = left;
    }
    __syncthreads();
    prefix = chosen[0];
    wanted = chosen[1];
  }
  zero_row(weights, norms, columns, prefix, (int)wanted);
}

// The `count` smallest scores of each `group` weights that follow each other in a row, the lower column first among equals; at most
// 32 a group, a thread a group.
extern "C" __global__ void zero_groups(X* __restrict__ weights, const double* __restrict__ norms, i64 groups, int columns, int group,
                                       int count, int* __restrict__ bad) {
  i64 g = (i64)blockIdx.x * blockDim.x + threadIdx.x;
  if (g >= groups) return;
  weights += g * group;
  int input = (int)(g * group % columns);
  u32 marks = 0;
  for (int i = 0; i < group; i++) {
    u32 own = score(weights[i], norms, input + i);
    if (own > LARGEST) *bad = 1;
    int before = 0;
    for (int j = 0; j < group; j++) {
      u32 other = score(weights[j], norms, input + j);
      before += other < own || (other == own && j < i);
    }
    if (before < count) marks |= 1u << i;
  }
  for (int i = 0; i < group; i++) {
    if (marks >> i & 1) narrow(0.0f, weights[i]);
  }
}

// Adds to counts (BUCKETS) how many scores have which bits from `shift` on, of those whose bits from `above` on are `prefix`.
extern "C" __global__ void count_scores(const X* __restrict__ weights, const double* __restrict__ norms, i64 n, int columns, u32 prefix,
                                        int above, int shift, u64* __restrict__ counts, int* __restrict__ bad) {
  __shared__ u32 own[BUCKETS];
  for (int b = threadIdx.x; b < BUCKETS; b += THREADS) own[b] = 0;
  __syncthreads();
  u32 mask = (1u << (above - shift)) - 1;
  for (i64 i = (i64)blockIdx.x * THREADS + threadIdx.x; i < n; i += (i64)gridDim.x * THREADS) {
    u32 bits = score(weights[i], norms, (int)(i % columns));
    if (bits > LARGEST) *bad = 1;
    if (above > 31 || bits >> above == prefix) atomicAdd(&own[bits >> shift & mask], 1u);
  }
  __syncthreads();
  for (int b = threadIdx.x; b < BUCKETS; b += THREADS) {
    if (own[b]) atomicAdd(&counts[b], (u64)own[b]);
  }
}

// found (2, rows): scores of a row below the threshold, and those that equal it; one block a row
extern "C" __global__ void count_below(const X* __restrict__ weights, const double* __restrict__ norms, int columns, u32 threshold,
                                       int* __restrict__ found) {
  weights += (i64)blockIdx.x * columns;
  int below = 0, ties = 0;
  for (int from = 0; from < columns; from += THREADS) {
    int c = from + threadIdx.x;
    u32 own = c < columns ? score(weights[c], norms, c) : 0xffffffffu;
    below += __syncthreads_count(own < threshold);
    ties += __syncthreads_count(own == threshold);
  }
  if (threadIdx.x == 0) {
    found[blockIdx.x] = below;
    found[gridDim.x + blockIdx.x] = ties;
  }
}

// The scores below the threshold, and the first ties[r] of row r that equal it; one block a row
extern "C" __global__ void zero_below(X* __restrict__ weights, const double* __restrict__ norms, int columns, u32 threshold,
                                      const int* __restrict__ ties) {
  zero_row(weights + (i64)blockIdx.x * columns, norms, columns, threshold, ties[blockIdx.x]);
}
