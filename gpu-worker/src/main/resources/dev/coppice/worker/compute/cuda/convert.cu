// Elements of X as elements of Y, eight a thread.
#include "common.cuh"

extern "C" __global__ void convert(const X* __restrict__ x, Y* __restrict__ y, i64 n) {
  i64 from = ((i64)blockIdx.x * blockDim.x + threadIdx.x) * 8;
  if (from + 8 <= n) {
#pragma unroll
    for (int i = 0; i < 8; i++) narrow(widen(x[from + i]), y[from + i]);
  } else {
    for (i64 i = from; i < n; i++) narrow(widen(x[i]), y[i]);
  }
}
