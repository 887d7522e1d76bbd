package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Narrowing;
import dev.coppice.worker.compute.Precision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A weight in the order in which the lanes of {@code tile_product.cuh} read it, for each sixteen rows side by side, before the columns that
 * follow. In tf32 numbers are float16, brought into its range by a power of two.
 *
 * @param tensor (columns / 8, rows / 16, 32, 4) float32, or (columns / 16, rows / 16, 32, 8) float16
 * @param unit what a number is a multiple of
 */
record PackedWeight(CudaTensor tensor, float unit) {

    private static final int ROWS = 16;
    private static final int DEPTH = 8;
    private static final int LANES = 32;
    private static final int OF_LANE = 4;
    private static final int LARGEST_EXPONENT = 14; // of float16 is 15

    /**
     * Brings a weight onto the device, for products with tiles of float32.
     *
     * @param weight (rows, columns), multiples of 16
     */
    static PackedWeight of(CudaRuntime runtime, int rows, int columns, float[] weight) {
        if (runtime.precision() != Precision.TF32) {
            CudaTensor tensor = runtime.allocate(DType.FLOAT32, columns / DEPTH, rows / ROWS, LANES, OF_LANE);
            runtime.write(tensor, packed(rows, columns, 1, weight));
            return new PackedWeight(tensor, 1);
        }
        return narrowed(runtime, rows, columns, unit(weight), packed(rows, columns, 2, weight));
    }

    /** The same for products with tiles that are float16 where the precision is tf32. */
    static PackedWeight ofHalves(CudaRuntime runtime, int rows, int columns, float[] weight) {
        return runtime.precision() == Precision.TF32
                ? narrowed(runtime, rows, columns, unit(weight), packedHalves(rows, columns, weight))
                : of(runtime, rows, columns, weight);
    }

    private static PackedWeight narrowed(CudaRuntime runtime, int rows, int columns, float unit, float[] packed) {
        ByteBuffer halves =
                ByteBuffer.allocate(packed.length * DType.FLOAT16.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : packed) {
            Narrowing.put(halves, DType.FLOAT16, number / unit);
        }
        CudaTensor tensor = runtime.allocate(DType.FLOAT16, columns / DEPTH / 2, rows / ROWS, LANES, 2 * OF_LANE);
        runtime.write(tensor, halves.flip());
        return new PackedWeight(tensor, unit);
    }

    /** The power of two whose multiples make best use of float16. */
    static float unit(float[] weight) {
        float most = 0;
        for (float number : weight) {
            most = Math.max(most, Math.abs(number)); // NaN if one is
        }
        return most > 0 && most <= Float.MAX_VALUE
                ? Math.scalb(
                        1f, Math.max(Math.getExponent(most), Float.MIN_EXPONENT + LARGEST_EXPONENT) - LARGEST_EXPONENT)
                : 1;
    }

    /**
     * Lane 4g + q has of each the rows g and g + 8, of both the columns q and q + 4 of eight.
     *
     * @param steps of eight columns that lie side by side
     */
    static float[] packed(int rows, int columns, int steps, float[] weight) {
        float[] packed = new float[weight.length];
        int next = 0;
        for (int depth = 0; depth < columns; depth += steps * DEPTH) {
            for (int first = 0; first < rows; first += ROWS) {
                for (int g = 0; g < ROWS / 2; g++) {
                    for (int q = 0; q < DEPTH / 2; q++) {
                        for (int step = 0; step < steps; step++) {
                            int near = (first + g) * columns + depth + step * DEPTH + q;
                            int far = near + ROWS / 2 * columns;
                            packed[next++] = weight[near];
                            packed[next++] = weight[near + DEPTH / 2];
                            packed[next++] = weight[far];
                            packed[next++] = weight[far + DEPTH / 2];
                        }
                    }
                }
            }
        }
        return packed;
    }

    /** Lane 4g + q has of each the rows g and g + 8 the columns 2q, 2q + 1, 2q + 8 and 2q + 9 of sixteen. */
    static float[] packedHalves(int rows, int columns, float[] weight) {
        float[] packed = new float[weight.length];
        int next = 0;
        for (int depth = 0; depth < columns; depth += 2 * DEPTH) {
            for (int first = 0; first < rows; first += ROWS) {
                for (int g = 0; g < ROWS / 2; g++) {
                    for (int q = 0; q < DEPTH / 2; q++) {
                        for (int row = first + g; row < first + ROWS; row += ROWS / 2) {
                            int near = row * columns + depth + 2 * q;
                            packed[next++] = weight[near];
                            packed[next++] = weight[near + 1];
                            packed[next++] = weight[near + DEPTH];
                            packed[next++] = weight[near + DEPTH + 1];
                        }
                    }
                }
            }
        }
        return packed;
    }
}
