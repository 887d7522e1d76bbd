// Step sizes of the Mamba recurrences.
#pragma once

// log(1 + e^x). For 16-bit elements log(1 + p) = 2 artanh(p / (2 + p)), p = e^-|x|, by seven terms of its series.
__device__ __forceinline__ float step_size(float x) {
#if ELEMENT == 0
    return fmaxf(x, 0.f) + log1pf(expf(-fabsf(x)));
#else
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
#endif
}

// 2^x
__device__ __forceinline__ float power_of_two(float x) {
    float power;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(x));
    return power;
}

// 2^x - 1 for x up to 0, near 0 by its series: a state that loses little a step remembers for many, and there the error of the
// processor's power of two is a part of that little.
__device__ __forceinline__ float power_of_two_less_one(float x) {
    float y = x * 0.693147181f;
    float series = fmaf(y, 1.f / 5040.f, 1.f / 720.f);
    series = fmaf(y, series, 1.f / 120.f);
    series = fmaf(y, series, 1.f / 24.f);
    series = fmaf(y, series, 1.f / 6.f);
    series = fmaf(y, series, 0.5f);
    series = fmaf(y, series, 1.f);
    return y > -0.35f ? y * series : power_of_two(x) - 1.f;
}
