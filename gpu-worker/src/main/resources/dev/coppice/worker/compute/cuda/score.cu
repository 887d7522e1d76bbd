// Log-probabilities of targets, a panel of the vocabulary at a time: of each row's logits only the largest, its lowest id, the sum
// of exponentials below it and the target's are kept.
#include "common.cuh"

struct Best { float largest; int id; float sum; };

__device__ __forceinline__ Best joined(Best a, Best b) {
  Best top = a.largest > b.largest || (a.largest == b.largest && a.id < b.id) ? a : b;
  Best low = a.largest > b.largest || (a.largest == b.largest && a.id < b.id) ? b : a;
  top.sum += low.sum == 0.0f ? 0.0f : low.sum * expf(low.largest - top.largest);
  return top;
}

// logits (rows, panel), ids first to first + panel - 1, bias of those or null; one block of 256 threads a row.
// best (rows), target (rows): kept from panel to panel; written afresh where first is 0.
extern "C" __global__ void score_panel(const float* __restrict__ logits, int panel, const float* __restrict__ bias, int first,
                                       const int* __restrict__ targets, Best* __restrict__ best, float* __restrict__ target) {
  __shared__ Best shared[8];
  i64 row = blockIdx.x;
  logits += row * panel;
  Best own = {-3.402823466e38f, 0x7fffffff, 0.0f};
  for (int c = threadIdx.x; c < panel; c += 256) {
    float logit = logits[c] + (bias ? bias[first + c] : 0.0f);
    if (logit > own.largest) {
      own.sum = own.sum * expf(own.largest - logit) + 1.0f;
      own.largest = logit;
      own.id = first + c;
    } else {
      own.sum += expf(logit - own.largest);
    }
    if (first + c == targets[row]) target[row] = logit;
  }
#pragma unroll
  for (int d = 16; d > 0; d >>= 1) {
    Best other = {__shfl_xor_sync(0xffffffffu, own.largest, d), __shfl_xor_sync(0xffffffffu, own.id, d),
                  __shfl_xor_sync(0xffffffffu, own.sum, d)};
    own = joined(own, other);
  }
  if ((threadIdx.x & 31) == 0) shared[threadIdx.x >> 5] = own;
  __syncthreads();
  if (threadIdx.x == 0) {
    for (int w = 1; w < 8; w++) own = joined(own, shared[w]);
    best[row] = first == 0 ? own : joined(best[row], own);
  }
}

// results (2, rows): log-probability, and 1 where the target has the largest logit
extern "C" __global__ void score_end(const Best* __restrict__ best, const float* __restrict__ target, const int* __restrict__ targets,
                                     int rows, float* __restrict__ results) {
  int r = blockIdx.x * blockDim.x + threadIdx.x;
  if (r >= rows) return;
  results[r] = target[r] - best[r].largest - logf(best[r].sum);
  results[rows + r] = best[r].id == targets[r] ? 1.0f : 0.0f;
}
