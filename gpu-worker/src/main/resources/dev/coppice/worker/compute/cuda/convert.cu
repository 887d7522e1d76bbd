// Elements of X as elements of Y, eight a thread.
#include "common.cuh"

extern "C" __global__ void convert(const X* __restrict__ x, Y* __restrict__ y, i64 n) {
  i64 from = (i64)blockIdx.x * blockDim.x * 8 + threadIdx.x;
#pragma unroll
  for (int k = 0; k < 8; k++) {
    i64 i = from + k * blockDim.x;
    if (i < n) narrow(widen(x[i]), y[i]);
  }
}
