// Mamba-2's recurrence in chunks on tensor cores (Dao and Gu 2024, section 6), for 16-bit elements. A block takes one head (a tile of
// WIDTH of its columns) of one sequence and walks along the chunks, so that the state never leaves the multiprocessor: float32 in
// registers, a 16-bit copy in shared memory for the product with C. A chunk is counted from its sequence's beginning, so nothing
// depends on what else is in the batch. Letters as in LanguageOps; Q = CHUNK steps.
//
// Compiled for: ELEMENT 1 or 2; STATES, N rounded up to a multiple of 32; WIDTH 32 or 64; ALIGNED 1 where all rows begin at multiples
// of 16 bytes and P and N are multiples of 8; STAGES of copies, 1 or 2; BLOCKS a multiprocessor.
#include "element.cuh"
#include "steps.cuh"
#include "tensor_cores.cuh"

#define CHUNK 64
#define THREADS 128
#define BANDS (WIDTH / 16) // of 16 rows of the state
#define BC_ROW (STATES + 8) // rows padded against bank conflicts
#define X_ROW (WIDTH + 8)
#define C_ROOM (CHUNK * ((STATES > WIDTH ? STATES : WIDTH) + 8)) // also holds the outputs on their way to memory
#define STAGE (C_ROOM + CHUNK * BC_ROW + CHUNK * X_ROW)
#define OUT_TILES (WIDTH / 8)
#define STATE_COLUMNS (STATES * BANDS / 4) // of a warp

// Of each step of a chunk, base 2; see ssd_steps.
struct Steps {
    float high[CHUNK];   // L_t
    float low[CHUNK];    // what the float leaves of L_t
    float scale[CHUNK];  // how the input is scaled
};

// x (R, xHeads P), b (R, bGroups N), c (R, cGroups N); high, low, scale (H, R) of ssd_steps; d (H) or null; offsets (S + 1); start
// (S', H, P, N) by parents (S), or null; y (R, H P); state (S, H, P, N) or null. Blocks: S tiles H, heads innermost, so that neighbours
// read the same B and C.
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) ssd_chunked(
        const element *__restrict__ x,
        i64 x_stride,
        const element *__restrict__ b,
        i64 b_stride,
        const element *__restrict__ c,
        i64 c_stride,
        const float *__restrict__ high,
        const float *__restrict__ low,
        const float *__restrict__ scale,
        const float *__restrict__ d,
        const int *__restrict__ offsets,
        const float *__restrict__ start,
        const int *__restrict__ parents,
        element *__restrict__ y,
        float *__restrict__ state,
        int heads,
        int heads_per_x,
        int heads_per_b,
        int heads_per_c,
        int width,
        int states,
        int rows) {
    extern __shared__ __align__(16) element shared[];
    element *state_copy = shared + STAGES * STAGE; // (WIDTH, BC_ROW)
    Steps *all_steps = (Steps *) (state_copy + WIDTH * BC_ROW); // (STAGES)
    __shared__ float weights[CHUNK];                            // exp(L_end - L_t) scale_t: how an input enters the state after the chunk

    const int tiles = (width + WIDTH - 1) / WIDTH;
    const int head = blockIdx.x % heads;
    const int column = blockIdx.x / heads % tiles * WIDTH; // of the head
    const int sequence = blockIdx.x / heads / tiles;
    const int columns = min(WIDTH, width - column);
    const int row = offsets[sequence];
    const int length = offsets[sequence + 1] - row;

    const int thread = threadIdx.x;
    const int lane = thread % 32;
    const int warp = thread / 32;
    const int g = lane / 4;
    const int q = lane % 4;
    const int band = warp * 16;                            // first of the warp's 16 steps
    const int state_row = warp % BANDS * 16;               // first of its 16 rows of the state
    const int state_column = warp / BANDS * STATE_COLUMNS; // and of its columns
    // where the lane's rows of four tiles lie, in bytes: side by side after one below the other, and the reverse
    const u32 down_bc = 2 * (lane % 16 * BC_ROW + lane / 16 * 8);
    const u32 down_x = 2 * (lane % 16 * X_ROW + lane / 16 * 8);
    const u32 across_bc = 2 * ((lane % 8 + lane / 16 * 8) * BC_ROW + lane / 8 % 2 * 8);
    const u32 across_x = 2 * ((lane % 8 + lane / 16 * 8) * X_ROW + lane / 8 % 2 * 8);

    const u32 state_at = shared_address(state_copy) + across_bc;

    x += row * x_stride + head / heads_per_x * width + column;
    b += row * b_stride + head / heads_per_b * states;
    c += row * c_stride + head / heads_per_c * states;
    y += (i64) row * heads * width + head * width + column;
    high += (i64) head * rows + row;
    low += (i64) head * rows + row;
    scale += (i64) head * rows + row;
    const float skip = d == nullptr ? 0.f : d[head];

    // the warp's part of the state (P, N), rows state_row + g and + 8
    float sums[STATE_COLUMNS / 8][4] = {};
    const int own_column = state_column + 2 * q;
    auto copy_state = [&]() {
        element *to = state_copy + (state_row + g) * BC_ROW + own_column;
#pragma unroll
        for (int n = 0; n < STATE_COLUMNS / 8; n++) {
            *(u32 *) (to + n * 8) = pack(sums[n][0], sums[n][1]);
            *(u32 *) (to + n * 8 + 8 * BC_ROW) = pack(sums[n][2], sums[n][3]);
        }
    };
    if (start != nullptr) {
        const float *from = start + (((i64) parents[sequence] * heads + head) * width + column + state_row + g) * states + own_column;
#pragma unroll
        for (int lower = 0; lower < 2; lower++) {
#pragma unroll
            for (int n = 0; n < STATE_COLUMNS / 8; n++) {
                if (state_row + g + lower * 8 < columns) {
                    const float *pair = from + lower * 8 * states + n * 8;
#if ALIGNED
                    if (own_column + n * 8 < states) {
                        float2 both = *(const float2 *) pair;
                        sums[n][2 * lower] = both.x;
                        sums[n][2 * lower + 1] = both.y;
                    }
#else
                    sums[n][2 * lower] = own_column + n * 8 < states ? pair[0] : 0.f;
                    sums[n][2 * lower + 1] = own_column + n * 8 + 1 < states ? pair[1] : 0.f;
#endif
                }
            }
        }
        copy_state();
    }

    auto bring_chunk = [&](int t) {
        element *stage = shared + t / CHUNK % STAGES * STAGE;
        int count = min(CHUNK, length - t);
        bring<CHUNK, STATES, BC_ROW, THREADS>(stage, c + t * c_stride, c_stride, count, states, thread);
        bring<CHUNK, STATES, BC_ROW, THREADS>(stage + C_ROOM, b + t * b_stride, b_stride, count, states, thread);
        bring<CHUNK, WIDTH, X_ROW, THREADS>(
                stage + C_ROOM + CHUNK * BC_ROW, x + t * x_stride, x_stride, count, columns, thread);
        Steps &steps = all_steps[t / CHUNK % STAGES];
        if (thread < count) {
            copy_word(&steps.high[thread], high + t + thread);
            copy_word(&steps.low[thread], low + t + thread);
            copy_word(&steps.scale[thread], scale + t + thread);
        } else if (thread < CHUNK) {
            steps.high[thread] = steps.low[thread] = steps.scale[thread] = 0.f;
        }
        commit_copies();
    };

    if (length > 0) {
        bring_chunk(0);
    }
    for (int t0 = 0; t0 < length; t0 += CHUNK) {
        const int count = min(CHUNK, length - t0);
        const int next = t0 + CHUNK;
        const Steps &steps = all_steps[t0 / CHUNK % STAGES];
        element *c_rows = shared + t0 / CHUNK % STAGES * STAGE; // (Q, BC_ROW)
        element *b_rows = c_rows + C_ROOM;                      // (Q, BC_ROW)
        element *x_rows = b_rows + CHUNK * BC_ROW;              // (Q, X_ROW)
        const u32 c_at = shared_address(c_rows + band * BC_ROW) + down_bc;
        const u32 b_at = shared_address(b_rows) + across_bc;
        const u32 b_columns_at = shared_address(b_rows + state_column) + down_bc;
        const u32 x_at = shared_address(x_rows) + down_x;
        const u32 inputs_at = shared_address(x_rows + state_row) + across_x;
        await_copies<0>();
        __syncthreads();
        if (STAGES == 2 && next < length) {
            bring_chunk(next);
        }
        const float whole = steps.high[count - 1] + steps.low[count - 1]; // L_end
        if (thread < CHUNK) {
            weights[thread] = power_of_two(whole - steps.high[thread] - steps.low[thread]) * steps.scale[thread];
        }

        float out[OUT_TILES][4]; // the warp's part of y: steps band + g and + 8
#pragma unroll
        for (int p = 0; p < OUT_TILES; p++) {
            out[p][0] = out[p][1] = out[p][2] = out[p][3] = 0.f;
        }
        if (band < count) {
            u32 c_tiles[STATES / 16][4];
#pragma unroll
            for (int k = 0; k < STATES / 16; k++) {
                load_tiles(c_tiles[k], c_at + k * 32);
            }
            if (t0 > 0 || start != nullptr) { // exp(L_t) C_t S', S the state before the chunk
#pragma unroll
                for (int k = 0; k < STATES / 16; k++) {
#pragma unroll
                    for (int p = 0; p < OUT_TILES; p += 2) {
                        u32 tiles_s[4];
                        load_tiles(tiles_s, state_at + p * 16 * BC_ROW + k * 32);
                        multiply_add(out[p], c_tiles[k], tiles_s[0], tiles_s[1]);
                        multiply_add(out[p + 1], c_tiles[k], tiles_s[2], tiles_s[3]);
                    }
                }
                float upper = power_of_two(steps.high[band + g]);
                float lower = power_of_two(steps.high[band + g + 8]);
#pragma unroll
                for (int p = 0; p < OUT_TILES; p++) {
                    out[p][0] *= upper;
                    out[p][1] *= upper;
                    out[p][2] *= lower;
                    out[p][3] *= lower;
                }
            }
            for (int s0 = 0; s0 <= band; s0 += 16) { // (C B' * decays) x, 16 earlier steps at a time
                float products[2][4] = {};
#pragma unroll
                for (int k = 0; k < STATES / 16; k++) {
                    u32 tiles_b[4];
                    load_tiles(tiles_b, b_at + s0 * 2 * BC_ROW + k * 32);
                    multiply_add(products[0], c_tiles[k], tiles_b[0], tiles_b[1]);
                    multiply_add(products[1], c_tiles[k], tiles_b[2], tiles_b[3]);
                }
#pragma unroll
                for (int i = 0; i < 8; i++) {
                    int t = band + g + i / 2 % 2 * 8;
                    int s = s0 + i / 4 * 8 + 2 * q + i % 2;
                    float log = steps.high[t] - steps.high[s] + (steps.low[t] - steps.low[s]);
                    float weight = s <= t ? power_of_two(log) * steps.scale[s] : 0.f;
                    products[i / 4][i % 4] *= weight;
                }
                u32 weighted[4] = {
                    pack(products[0][0], products[0][1]),
                    pack(products[0][2], products[0][3]),
                    pack(products[1][0], products[1][1]),
                    pack(products[1][2], products[1][3])};
#pragma unroll
                for (int p = 0; p < OUT_TILES; p += 2) {
                    u32 tiles_x[4];
                    load_tiles_transposed(tiles_x, x_at + s0 * 2 * X_ROW + p * 16);
                    multiply_add(out[p], weighted, tiles_x[0], tiles_x[1]);
                    multiply_add(out[p + 1], weighted, tiles_x[2], tiles_x[3]);
                }
            }
        }
        __syncthreads(); // C's rows and the state's copy have been read

        if (band < count) {
            element *own = c_rows + band * X_ROW;
#pragma unroll
            for (int p = 0; p < OUT_TILES; p++) {
#pragma unroll
                for (int lower = 0; lower < 2; lower++) {
                    int at = (g + lower * 8) * X_ROW + p * 8 + 2 * q;
                    u32 both = *(u32 *) (x_rows + band * X_ROW + at);
                    float first = out[p][2 * lower] + skip * first_of(both);
                    float second = out[p][2 * lower + 1] + skip * second_of(both);
                    *(u32 *) (own + at) = pack(first, second);
                }
            }
            __syncwarp();
            constexpr int PIECES = OUT_TILES; // of 8 columns a row
#pragma unroll
            for (int i = lane; i < 16 * PIECES; i += 32) {
                int t = i / PIECES;
                int p = i % PIECES * 8;
                element *to = y + (i64) (t0 + band + t) * heads * width + p;
                if (band + t < count) {
#if ALIGNED
                    if (p < columns) {
                        *(uint4 *) to = *(uint4 *) (own + t * X_ROW + p);
                    }
#else
                    for (int k = 0; k < 8 && p + k < columns; k++) {
                        to[k] = own[t * X_ROW + p + k];
                    }
#endif
                }
            }
        }
        if (next < length || state != nullptr) { // S = exp(L_end) S + sum_t weight_t x_t B_t'
            float left = power_of_two(whole);
#pragma unroll
            for (int n = 0; n < STATE_COLUMNS / 8; n++) {
                sums[n][0] *= left;
                sums[n][1] *= left;
                sums[n][2] *= left;
                sums[n][3] *= left;
            }
            for (int s0 = 0; s0 < count; s0 += 16) {
                u32 inputs[4];
                load_tiles_transposed(inputs, inputs_at + s0 * 2 * X_ROW);
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    const float *weight = weights + s0 + i / 2 * 8 + 2 * q;
                    inputs[i] = pack(first_of(inputs[i]) * weight[0], second_of(inputs[i]) * weight[1]);
                }
#pragma unroll
                for (int n = 0; n < STATE_COLUMNS / 8; n += 2) {
                    u32 tiles_b[4];
                    load_tiles_transposed(tiles_b, b_columns_at + s0 * 2 * BC_ROW + n * 16);
                    multiply_add(sums[n], inputs, tiles_b[0], tiles_b[1]);
                    multiply_add(sums[n + 1], inputs, tiles_b[2], tiles_b[3]);
                }
            }
            if (next < length) {
                copy_state();
            }
        }
        if (STAGES == 1 && next < length) {
            __syncthreads();
            bring_chunk(next);
        }
    }

    if (state != nullptr) {
        float *to = state + (((i64) sequence * heads + head) * width + column + state_row + g) * states + own_column;
#pragma unroll
        for (int lower = 0; lower < 2; lower++) {
#pragma unroll
            for (int n = 0; n < STATE_COLUMNS / 8; n++) {
                if (state_row + g + lower * 8 < columns) {
                    float *pair = to + lower * 8 * states + n * 8;
#if ALIGNED
                    if (own_column + n * 8 < states) {
                        *(float2 *) pair = make_float2(sums[n][2 * lower], sums[n][2 * lower + 1]);
                    }
#else
                    if (own_column + n * 8 < states) {
                        pair[0] = sums[n][2 * lower];
                    }
                    if (own_column + n * 8 + 1 < states) {
                        pair[1] = sums[n][2 * lower + 1];
                    }
#endif
                }
            }
        }
    }
}
