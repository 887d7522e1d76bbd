// Rows moved about. X: type of what is read, Y: of what is written.
#include "common.cuh"

// out[r] = table[ids[r]] for r below `rows`; table (.., width), a row for each of the block's second axis
extern "C" __global__ void gather_rows(const X* __restrict__ table, const int* __restrict__ ids, int rows, int width,
                                       Y* __restrict__ out) {
  int row = blockIdx.x * blockDim.y + threadIdx.y;
  if (row >= rows) return;
  const X* from = table + (i64)ids[row] * width;
  Y* to = out + (i64)row * width;
#pragma unroll 4
  for (int c = threadIdx.x; c < width; c += blockDim.x) narrow(widen(from[c]), to[c]);
}

// out[r] = sources[r] >= 0 ? past[sources[r]] : x[-1 - sources[r]]; past (.., width), rows of x are x_stride apart
extern "C" __global__ void append_rows(const X* __restrict__ past, const X* __restrict__ x, int x_stride,
                                       const int* __restrict__ sources, int width, Y* __restrict__ out) {
  int source = sources[blockIdx.x];
  const X* from = source >= 0 ? past + (i64)source * width : x + (i64)(-1 - source) * x_stride;
  Y* to = out + (i64)blockIdx.x * width;
  for (int c = threadIdx.x; c < width; c += blockDim.x) narrow(widen(from[c]), to[c]);
}

// Rotary positions, half-split: (x1, x2) of each head becomes (x1 cos - x2 sin, x2 cos + x1 sin); one block a row.
// The angle is reduced in float64: at position 100,000 float32 has three digits left of it.
extern "C" __global__ void rotate(const X* __restrict__ x, int x_stride, const int* __restrict__ positions,
                                  const double* __restrict__ frequencies, int half, int heads, Y* __restrict__ out) {
  const X* from = x + (i64)blockIdx.x * x_stride;
  Y* to = out + (i64)blockIdx.x * heads * 2 * half;
  double position = positions[blockIdx.x];
  for (int i = threadIdx.x; i < half; i += blockDim.x) {
    double turns = position * frequencies[i] * 0.15915494309189535; // 1 / 2 pi
    float sine, cosine;
    sincospif(2.0f * (float)(turns - rint(turns)), &sine, &cosine);
    for (int head = 0; head < heads; head++) {
      int at = head * 2 * half + i;
      float x1 = widen(from[at]), x2 = widen(from[at + half]);
      narrow(x1 * cosine - x2 * sine, to[at]);
      narrow(x2 * cosine + x1 * sine, to[at + half]);
    }
  }
}
