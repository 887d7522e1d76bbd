package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Tensor;
import java.util.Arrays;

/** Checks of operands' shapes. */
final class Shapes {

    private Shapes() {}

    static void check(String operand, int[] shape, int... expected) {
        if (!Arrays.equals(shape, expected)) {
            throw new IllegalArgumentException(
                    operand + " has shape " + Arrays.toString(shape) + ", expected " + Arrays.toString(expected));
        }
    }

    /** Valid steps of each of x's (B, T, H) sequences: between 1 and T. */
    static void lengths(Tensor x, int[] lengths) {
        check("lengths", new int[] {lengths.length}, x.shape()[0]);
        for (int b = 0; b < lengths.length; b++) {
            if (lengths[b] < 1 || lengths[b] > x.shape()[1]) {
                throw new IllegalArgumentException(
                        "sequence " + b + " has length " + lengths[b] + " where there are " + x.shape()[1] + " steps");
            }
        }
    }
}
