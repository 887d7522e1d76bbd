// The one type of activations that a kernel is compiled for: ELEMENT 0 float32, 1 float16, 2 bfloat16. Arithmetic is float32
// throughout; a 16-bit element is only how a value lies in memory.
#pragma once
#include "common.cuh"

#if ELEMENT == 0
typedef float element;
#elif ELEMENT == 1
typedef f16 element;
#else
typedef bf16 element;
#endif
#define LANES (16 / (int) sizeof(element)) // elements of 16 bytes

#if ELEMENT != 0
// Two elements in one register, the first in the low half.
__device__ __forceinline__ u32 pack(float first, float second) {
#if ELEMENT == 1
    u32 both;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(both) : "f"(second), "f"(first));
    return both;
#else
    u32 both;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(both) : "f"(second), "f"(first));
    return both;
#endif
}

__device__ __forceinline__ float first_of(u32 both) {
    return widen(element{(u16) both});
}

__device__ __forceinline__ float second_of(u32 both) {
    return widen(element{(u16) (both >> 16)});
}
#endif
