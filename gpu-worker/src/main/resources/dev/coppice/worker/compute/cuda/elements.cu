// Operations on each element. X, Y: types of the operands, Z: of the result; float32 arithmetic.
#include "common.cuh"

// Calls body(i) for the eight elements of this thread that there are; neighbouring threads have neighbouring elements.
template <class F> __device__ __forceinline__ void each(i64 n, F body) {
  i64 from = (i64)blockIdx.x * blockDim.x * 8 + threadIdx.x;
#pragma unroll
  for (int k = 0; k < 8; k++) {
    i64 i = from + k * blockDim.x;
    if (i < n) body(i);
  }
}

// i / by, without the slow division of 64 bits where 32 do.
__device__ __forceinline__ i64 quotient(i64 i, int by, i64 n) { return n <= 0xffffffffll ? (u32)i / (u32)by : i / by; }

template <class T> struct __align__(sizeof(T) * 8) Eight { T v[8]; };

// a + b
extern "C" __global__ void add(const X* __restrict__ a, const Y* __restrict__ b, Z* __restrict__ out, i64 n) {
  i64 from = ((i64)blockIdx.x * blockDim.x + threadIdx.x) * 8;
  if (from + 8 <= n) {
    Eight<X> p = *reinterpret_cast<const Eight<X>*>(a + from);
    Eight<Y> q = *reinterpret_cast<const Eight<Y>*>(b + from);
    Eight<Z> sum;
#pragma unroll
    for (int i = 0; i < 8; i++) narrow(widen(p.v[i]) + widen(q.v[i]), sum.v[i]);
    *reinterpret_cast<Eight<Z>*>(out + from) = sum;
  } else {
    for (i64 i = from; i < n; i++) narrow(widen(a[i]) + widen(b[i]), out[i]);
  }
}

// GELU (Hendrycks and Gimpel 2016), 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))
extern "C" __global__ void gelu_tanh(const X* __restrict__ x, X* __restrict__ out, i64 n) {
  each(n, [=](i64 i) {
    float v = widen(x[i]);
    narrow(0.5f * v * (1.0f + tanhf(0.7978845608f * (v + 0.044715f * v * v * v))), out[i]);
  });
}

// 0.5 x (1 + erf(x / sqrt 2))
extern "C" __global__ void gelu_erf(const X* __restrict__ x, X* __restrict__ out, i64 n) {
  each(n, [=](i64 i) {
    float v = widen(x[i]);
    narrow(0.5f * v * (1.0f + erff(0.7071067812f * v)), out[i]);
  });
}

// value * sigmoid(gate) + residual, which may be null
extern "C" __global__ void gate(const X* __restrict__ value, const X* __restrict__ gate, const X* __restrict__ residual,
                                X* __restrict__ out, i64 n) {
  each(n, [=](i64 i) {
    float v = widen(value[i]) * sigmoid(widen(gate[i]));
    narrow(residual ? v + widen(residual[i]) : v, out[i]);
  });
}

// x[:, :H] * sigmoid(x[:, H:]); x (R, 2H), out (R, H), n = R H
extern "C" __global__ void glu(const X* __restrict__ x, int h, X* __restrict__ out, i64 n) {
  each(n, [=](i64 i) {
    i64 row = quotient(i, h, n), at = row * 2 * h + (i - row * h);
    narrow(widen(x[at]) * sigmoid(widen(x[at + h])), out[i]);
  });
}

// x * scale + shift in each channel; x (R, H), n = R H
extern "C" __global__ void channel_affine(const X* __restrict__ x, const float* __restrict__ scale,
                                          const float* __restrict__ shift, int h, X* __restrict__ out, i64 n) {
  each(n, [=](i64 i) {
    int c = (int)(i - quotient(i, h, n) * h);
    narrow(widen(x[i]) * scale[c] + shift[c], out[i]);
  });
}

// x (B, T, H) with the steps from lengths[b] on set to zero
extern "C" __global__ void mask_steps(const X* __restrict__ x, const int* __restrict__ lengths, int t, int h, X* __restrict__ out,
                                      i64 n) {
  each(n, [=](i64 i) {
    i64 step = quotient(i, h, n), sequence = quotient(step, t, n);
    bool inside = step - sequence * t < lengths[sequence];
    narrow(inside ? widen(x[i]) : 0.0f, out[i]);
  });
}
