// x * silu(gate + bias) of columns whose rows are strides apart. X: type of all but the bias, V: elements of a thread.
#include "common.cuh"

template <class T> struct __align__(sizeof(T) * V) Vec { T v[V]; };

// out (R, width) contiguous, width a multiple of V; bias (width) or null; n = R width / V
extern "C" __global__ void silu_gate(const X* __restrict__ x, int x_stride, const X* __restrict__ gate, int gate_stride,
                                     const float* __restrict__ bias, int width, X* __restrict__ out, i64 n) {
  i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  int runs = width / V;
  i64 row = n <= 0xffffffffll ? (u32)i / (u32)runs : i / runs;
  int c = (int)(i - row * runs) * V;
  Vec<X> a = *reinterpret_cast<const Vec<X>*>(x + row * x_stride + c);
  Vec<X> g = *reinterpret_cast<const Vec<X>*>(gate + row * gate_stride + c);
  Vec<X> y;
#pragma unroll
  for (int k = 0; k < V; k++) {
    float z = widen(g.v[k]) + (bias ? bias[c + k] : 0.0f);
    narrow(widen(a.v[k]) * silu(z), y.v[k]);
  }
  *reinterpret_cast<Vec<X>*>(out + row * width + c) = y;
}
