// What follows the state-space system in a layer of S5 or S4D, in one kernel: of y and g = gelu(y), value * sigmoid(W g + b) and the
// residual. g of 64 rows lies in shared memory; a warp has 32 channels.
//
// Compiled for: PADDED, H filled up to a multiple of 32; WHOLE 1 where that is H; VALUE 0: y, 1: g, 2: another product of g; ERF 1 for
// the GELU by the error function, 0 for that by tanh; TERMS, see tile_product.cuh.
#define WARPS (PADDED / 32)
#define BLOCKS (TERMS == 1 && WARPS == 4 && VALUE == 2 ? 5 : 16 / WARPS)
#include "half_tiles.cuh"

#define THREADS (32 * WARPS)
#define STRIDE (PADDED + 4)
#define ROUNDS (VALUE == 2 ? 2 : 1)
#if TERMS == 1
#define PRODUCT(tile, weight) add_halves_product(sums, tile, weight, other, step, PADDED / 32)
#else
#define PRODUCT(tile, weight) add_product(sums, tile, STRIDE, weight, other, step, PADDED / 32)
#endif
#define GATES (4 / ROUNDS) // of 8 channels of a warp at a time

// v sigmoid(gate)
__device__ __forceinline__ float gated(float v, float gate) {
    return __fdividef(v, 1.f + __expf(-gate));
}

// 0.5 v (1 + erf(v / sqrt 2)), or 0.5 v (1 + tanh(z)) = v sigmoid(2 z) for z = sqrt(2 / pi) (v + 0.044715 v^3)
__device__ __forceinline__ float gelu(float v) {
#if ERF
    return 0.5f * v * (1.f + erff(0.7071067812f * v));
#else
    return gated(v, 1.5957691216f * fmaf(0.044715f * v * v, v, v));
#endif
}

// y (R, H). weight: the gate's rows; where VALUE is 2, the value's rows before them, each filled up to PADDED, packed; in multiples
// of unit. bias: as many. residual (R, H) or null. scale, shift (H) or null: what the sum is multiplied with, and then added. out (R, H).
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) gated_unit(
        const float *__restrict__ y,
        const uint4 *__restrict__ weight,
        float unit,
        const float *__restrict__ bias,
        const float *__restrict__ residual,
        const float *__restrict__ scale,
        const float *__restrict__ shift,
        float *__restrict__ out,
        int rows,
        int channels,
        int backwards) {
    extern __shared__ __align__(16) float shared[]; // the tile; scales of its rows before it where it is of float16
    const int row0 = tile_of_block(backwards) * TILE;
    const int warp = threadIdx.x / 32;
    const int q = threadIdx.x % 4;
    const int there = min(TILE, rows - row0);
    const i64 from = (i64) row0 * channels;
    y += from;
    out += from;
    if (residual != nullptr) {
        residual += from;
    }

#if TERMS == 1
    u16 *tile = (u16 *) (shared + TILE); // (64, HALVES_STRIDE)
    fill_halves(tile, shared, y, there, channels, [](float v, int) { return gelu(v); });
#elif WHOLE
    float *tile = shared; // (64, STRIDE)
#pragma unroll 8
    for (int i = threadIdx.x; i < TILE * (PADDED / 4); i += THREADS) {
        int row = i / (PADDED / 4);
        int column = i % (PADDED / 4) * 4;
        float4 in = row < there ? *(const float4 *) (y + row * PADDED + column) : make_float4(0.f, 0.f, 0.f, 0.f);
        *(float4 *) (tile + row * STRIDE + column) = make_float4(gelu(in.x), gelu(in.y), gelu(in.z), gelu(in.w));
    }
#else
    float *tile = shared; // (64, STRIDE)
    for (int i = threadIdx.x; i < TILE * PADDED; i += THREADS) {
        int row = i / PADDED;
        int column = i % PADDED;
        bool present = row < there && column < channels;
        tile[row * STRIDE + column] = present ? gelu(y[(i64) row * channels + column]) : 0.f;
    }
#endif
    __syncthreads();

    for (int round = 0; round < ROUNDS; round++) {
        const int first = warp * 2 + round; // of the channels, in sixteens
        float sums[TILE / 16][2 * PAIRS][4] = {}; // where VALUE is 2, values and then gates
        const int other = VALUE == 2 ? PADDED * 2 : 32;
        const int step = ROUNDS * PADDED * 2;
        PRODUCT(tile, weight + first * 32);
        if (round == 0) { // not much before it is needed, so that it is still there
            if (residual != nullptr) {
                expect(residual, there * channels);
            }
            if (VALUE == 0) {
                expect(y, there * channels);
            }
        }
        PRODUCT(tile + PADDED / 2, weight + first * 32 + PADDED / 32 * OF_SIXTEEN * step);
#pragma unroll
        for (int n = 0; n < GATES; n++) {
            const int own = 2 * PAIRS - GATES + n; // the gate's sums
            const int column = first * 16 + n * 8 + 2 * q;
            const float2 gate_bias = *(const float2 *) (bias + (ROUNDS - 1) * PADDED + column);
#if VALUE == 2
            const float2 value_bias = *(const float2 *) (bias + column);
#endif
            const float2 factor = scale == nullptr ? make_float2(1.f, 1.f) : load_two(scale, column, channels);
            const float2 term = scale == nullptr ? make_float2(0.f, 0.f) : load_two(shift, column, channels);
#pragma unroll
            for (int first_row = 0; first_row < LANE_ROWS; first_row += AT_ONCE) {
                float2 residuals[AT_ONCE] = {};
                if (residual != nullptr) {
                    load_twos(residuals, residual, first_row, there, column, channels);
                }
#if VALUE == 0
                float2 values[AT_ONCE];
                load_twos(values, y, first_row, there, column, channels);
#endif
#pragma unroll
                for (int i = 0; i < AT_ONCE; i++) {
                    const int of_lane = first_row + i;
                    const float *pair = &sums[of_lane / 2][own][of_lane % 2 * 2];
#if TERMS == 1
                    const float row_scale = shared[lane_row(of_lane)];
#else
                    const float row_scale = 1.f;
#endif
                    const float one = unit * row_scale;
                    float2 gate = {fmaf(pair[0], one, gate_bias.x), fmaf(pair[1], one, gate_bias.y)};
#if VALUE == 0
                    float2 value = values[i];
#elif VALUE == 1 && TERMS == 1
                    const u32 two = *(const u32 *) (tile + lane_row(of_lane) * HALVES_STRIDE + column);
                    float2 value = {row_scale * widen(f16{(u16) two}), row_scale * widen(f16{(u16) (two >> 16)})};
#elif VALUE == 1
                    float2 value = *(const float2 *) (tile + lane_row(of_lane) * STRIDE + column);
#else
                    const float *projected = &sums[of_lane / 2][n][of_lane % 2 * 2];
                    float2 value = {fmaf(projected[0], one, value_bias.x), fmaf(projected[1], one, value_bias.y)};
#endif
                    float2 sum = {gated(value.x, gate.x) + residuals[i].x, gated(value.y, gate.y) + residuals[i].y};
                    if (lane_row(of_lane) < there) {
                        sum = {fmaf(sum.x, factor.x, term.x), fmaf(sum.y, factor.y, term.y)};
                        store_two(sum, out + (i64) lane_row(of_lane) * channels, column, channels);
                    }
                }
            }
        }
    }
}
