// Step sizes of the Mamba recurrences.
#pragma once

// log(1 + e^x) to float32's digits: log(1 + p) = 2 artanh(p / (2 + p)), p = e^-|x|, by seven terms of its series.
__device__ __forceinline__ float step_size(float x) {
    float p = __expf(-fabsf(x));
    float z = __fdividef(p, 2.f + p);
    float square = z * z;
    float series = fmaf(square, 1.f / 13.f, 1.f / 11.f);
    series = fmaf(square, series, 1.f / 9.f);
    series = fmaf(square, series, 1.f / 7.f);
    series = fmaf(square, series, 1.f / 5.f);
    series = fmaf(square, series, 1.f / 3.f);
    series = fmaf(square, series, 1.f);
    return fmaf(2.f * z, series, fmaxf(x, 0.f));
}

// 2^x
__device__ __forceinline__ float power_of_two(float x) {
    float power;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(x));
    return power;
}
