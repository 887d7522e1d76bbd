// Norms over runs of channels. X: type of the input, Y: of the output, V: elements of a load, ITEMS: loads of a thread.
// One block a run; a row of `groups` runs has `groups` blocks. Width is a multiple of V; blockDim.x * V * ITEMS >= width.
#include "common.cuh"

template <class T> struct __align__(sizeof(T) * V) Vec { T v[V]; };

template <class T> __device__ __forceinline__ void load(const T* p, float* out) {
  Vec<T> in = *reinterpret_cast<const Vec<T>*>(p);
#pragma unroll
  for (int k = 0; k < V; k++) out[k] = widen(in.v[k]);
}

template <class T> __device__ __forceinline__ void store(T* p, const float* values) {
  Vec<T> out;
#pragma unroll
  for (int k = 0; k < V; k++) narrow(values[k], out.v[k]);
  *reinterpret_cast<Vec<T>*>(p) = out;
}

__device__ __forceinline__ float sum_of_squares(const float (*v)[V], float* shared) {
  float sum = 0.0f;
#pragma unroll
  for (int i = 0; i < ITEMS; i++)
#pragma unroll
    for (int k = 0; k < V; k++) sum += v[i][k] * v[i][k];
  return block_sum(sum, shared);
}

// y = v * factor * scale
__device__ __forceinline__ void scaled(const float (*v)[V], float factor, const float* scale, int width, Y* y) {
#pragma unroll
  for (int i = 0; i < ITEMS; i++) {
    int c = (i * blockDim.x + threadIdx.x) * V;
    if (c < width) {
      float s[V], out[V];
      load(scale + c, s);
#pragma unroll
      for (int k = 0; k < V; k++) out[k] = v[i][k] * factor * s[k];
      store(y + c, out);
    }
  }
}

// x / sqrt(mean(x^2) + epsilon) * scale; x (R, width) contiguous
extern "C" __global__ void rms_norm(const X* __restrict__ x, const float* __restrict__ scale, float epsilon, int width,
                                    Y* __restrict__ y) {
  __shared__ float shared[32];
  i64 row = (i64)blockIdx.x * width;
  float v[ITEMS][V];
#pragma unroll
  for (int i = 0; i < ITEMS; i++) {
    int c = (i * blockDim.x + threadIdx.x) * V;
#pragma unroll
    for (int k = 0; k < V; k++) v[i][k] = 0.0f;
    if (c < width) load(x + row + c, v[i]);
  }
  float mean = sum_of_squares(v, shared) / width;
  scaled(v, rsqrtf(mean + epsilon), scale, width, y + row);
}

// As rms_norm of x * silu(gate), in each of `groups` runs of `width` channels; rows of x and gate are strides apart.
extern "C" __global__ void gated_rms_norm(const X* __restrict__ x, int x_stride, const X* __restrict__ gate, int gate_stride,
                                          const float* __restrict__ scale, float epsilon, int width, int groups,
                                          Y* __restrict__ y) {
  __shared__ float shared[32];
  int row = blockIdx.x / groups, first = blockIdx.x % groups * width;
  x += (i64)row * x_stride + first;
  gate += (i64)row * gate_stride + first;
  float v[ITEMS][V];
#pragma unroll
  for (int i = 0; i < ITEMS; i++) {
    int c = (i * blockDim.x + threadIdx.x) * V;
#pragma unroll
    for (int k = 0; k < V; k++) v[i][k] = 0.0f;
    if (c < width) {
      float g[V];
      load(x + c, v[i]);
      load(gate + c, g);
#pragma unroll
      for (int k = 0; k < V; k++) v[i][k] *= silu(g[k]);
    }
  }
  float mean = sum_of_squares(v, shared) / width;
  scaled(v, rsqrtf(mean + epsilon), scale + first, width, y + (i64)blockIdx.x * width);
}

// (x - mean) / sqrt(variance + epsilon) * scale + bias; x (R, width) contiguous
extern "C" __global__ void layer_norm(const X* __restrict__ x, const float* __restrict__ scale, const float* __restrict__ bias,
                                      float epsilon, int width, Y* __restrict__ y) {
  __shared__ float shared[32];
  i64 row = (i64)blockIdx.x * width;
  float v[ITEMS][V], sum = 0.0f;
#pragma unroll
  for (int i = 0; i < ITEMS; i++) {
    int c = (i * blockDim.x + threadIdx.x) * V;
#pragma unroll
    for (int k = 0; k < V; k++) v[i][k] = 0.0f;
    if (c < width) load(x + row + c, v[i]);
#pragma unroll
    for (int k = 0; k < V; k++) sum += v[i][k];
  }
  float mean = block_sum(sum, shared) / width;
#pragma unroll
  for (int i = 0; i < ITEMS; i++) {
    bool inside = (i * blockDim.x + threadIdx.x) * V < width;
#pragma unroll
    for (int k = 0; k < V; k++) v[i][k] = inside ? v[i][k] - mean : 0.0f;
  }
  float factor = rsqrtf(sum_of_squares(v, shared) / width + epsilon);
#pragma unroll
  for (int i = 0; i < ITEMS; i++) {
    int c = (i * blockDim.x + threadIdx.x) * V;
    if (c < width) {
      float s[V], b[V], out[V];
      load(scale + c, s);
      load(bias + c, b);
#pragma unroll
      for (int k = 0; k < V; k++) out[k] = v[i][k] * factor * s[k] + b[k];
      store(y + row + c, out);
    }
  }
}
