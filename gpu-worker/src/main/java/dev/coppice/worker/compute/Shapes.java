package dev.coppice.worker.compute;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Checks of operands' shapes, for all backends: a wrong one is an {@link IllegalArgumentException}. */
public final class Shapes {

    private Shapes() {}

    /** The operand has the expected shape. */
    public static void check(String operand, int[] shape, int... expected) {
        if (!Arrays.equals(shape, expected)) {
            throw new IllegalArgumentException(
                    operand + " has shape " + Arrays.toString(shape) + ", expected " + Arrays.toString(expected));
        }
    }

    /** Valid steps of each of x's (B, T, H) sequences: between 1 and T. */
    public static void lengths(Tensor x, int[] lengths) {
        check("lengths", new int[] {lengths.length}, x.shape()[0]);
        for (int b = 0; b < lengths.length; b++) {
            if (lengths[b] < 1 || lengths[b] > x.shape()[1]) {
                throw new IllegalArgumentException(
                        "sequence " + b + " has length " + lengths[b] + " where there are " + x.shape()[1] + " steps");
            }
        }
    }

    /** The operand has the expected number of columns. */
    public static void columns(String operand, int columns, int expected) {
        if (columns != expected) {
            throw new IllegalArgumentException(operand + " has " + columns + " columns, expected " + expected);
        }
    }

    /** The operand has a row for each of the sequences'. */
    public static void rows(String operand, long rows, Segments segments) {
        if (rows != segments.rows()) {
            throw new IllegalArgumentException(
                    operand + " has " + rows + " rows where the sequences have " + segments.rows());
        }
    }

    /** Each id is that of a row of a table; {@code place} is what an id's index is called. */
    public static void ids(int[] ids, String place, long vocabulary) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabulary) {
                throw new IllegalArgumentException("token id " + ids[i] + " at " + place + " " + i
                        + " is outside the vocabulary of " + vocabulary);
            }
        }
    }

    /** States (S', perSequence...) and for each sequence which of them it goes on from. */
    public static void start(@Nullable Start start, Segments segments, int... perSequence) {
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
