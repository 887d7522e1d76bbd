package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Start;
import dev.coppice.worker.compute.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

    static void columns(String operand, int columns, int expected) {
        if (columns != expected) {
            throw new IllegalArgumentException(operand + " has " + columns + " columns, expected " + expected);
        }
    }

    static void rows(String operand, long rows, Segments segments) {
        if (rows != segments.rows()) {
            throw new IllegalArgumentException(
                    operand + " has " + rows + " rows where the sequences have " + segments.rows());
        }
    }

    /** States (S', perSequence...) and for each sequence which of them it goes on from. */
    static void start(@Nullable Start start, Segments segments, int... perSequence) {
        if (start == null) {
            return;
        }
        int[] shape = start.states().shape();
        check("parents", new int[] {start.parents().length}, segments.count());
        check("a start state", Arrays.copyOfRange(shape, 1, shape.length), perSequence);
        for (int parent : start.parents()) {
            if (parent < 0 || parent >= shape[0]) {
                throw new IllegalArgumentException("start state " + parent + " where there are " + shape[0]);
            }
        }
    }
}
