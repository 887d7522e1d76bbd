// Sums along sequences and over rows. X: type of what is read; results are float32, but for last_step.
#include "common.cuh"

// Mean over the first lengths[b] steps of x (B, T, H); out (B, H). Block (32 channels, 32 steps at a time), grid (H / 32, B).
extern "C" __global__ void mean_pool(const X* __restrict__ x, const int* __restrict__ lengths, int t, int h, float* __restrict__ out) {
  __shared__ float sums[32][33];
  int c = blockIdx.x * 32 + threadIdx.x, b = blockIdx.y, length = lengths[b];
  float sum = 0.0f;
  if (c < h)
    for (int step = threadIdx.y; step < length; step += 32) sum += widen(x[((i64)b * t + step) * h + c]);
  sums[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  sum = warp_sum(sums[threadIdx.x][threadIdx.y]);
  c = blockIdx.x * 32 + threadIdx.y;
  if (threadIdx.x == 0 && c < h) out[(i64)b * h + c] = sum / length;
}

// Step T - 1 of x (B, T, H); out (B, H), one block a sequence
extern "C" __global__ void last_step(const X* __restrict__ x, int t, int h, X* __restrict__ out) {
  for (int c = threadIdx.x; c < h; c += blockDim.x)
    out[(i64)blockIdx.x * h + c] = x[((i64)blockIdx.x * t + t - 1) * h + c];
}

// Sums and sums of squares over `run` rows a block of x (R, H), in float64; out (blocks, 2, H)
extern "C" __global__ void moments(const X* __restrict__ x, i64 rows, int h, int run, double* __restrict__ out) {
  i64 from = (i64)blockIdx.x * run, to = from + run < rows ? from + run : rows;
  for (int c = threadIdx.x; c < h; c += blockDim.x) {
    double sum = 0.0, squares = 0.0;
    for (i64 r = from; r < to; r++) {
      double v = widen(x[r * h + c]);
      sum += v;
      squares += v * v;
    }
    out[((i64)blockIdx.x * 2) * h + c] = sum;
    out[((i64)blockIdx.x * 2 + 1) * h + c] = squares;
  }
}

// Logarithm of the softmax over the columns of x (R, C); out (R, C), one block a row
extern "C" __global__ void log_softmax(const X* __restrict__ x, int columns, float* __restrict__ out) {
  __shared__ float shared[32];
  x += (i64)blockIdx.x * columns;
  out += (i64)blockIdx.x * columns;
  float largest = -INFINITY_F;
  for (int c = threadIdx.x; c < columns; c += blockDim.x) largest = fmaxf(largest, widen(x[c]));
  largest = block_max(largest, shared);
  float sum = 0.0f;
  for (int c = threadIdx.x; c < columns; c += blockDim.x) sum += expf(widen(x[c]) - largest);
  float shift = logf(block_sum(sum, shared));
  for (int c = threadIdx.x; c < columns; c += blockDim.x) out[c] = widen(x[c]) - largest - shift;
}
