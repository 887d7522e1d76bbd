// Where things lie in packed batches.
#pragma once

// The s with offsets[s] <= at < offsets[s + 1], of `count` ranges; `at` lies in one of them. Empty ranges hold nothing.
__device__ __forceinline__ int range_of(const int *offsets, int count, int at) {
    int low = 0;
    int high = count - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (offsets[middle + 1] > at) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}
