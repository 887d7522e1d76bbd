package dev.coppice.worker.prune.weight;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** The smallest scores of a run: as many as asked for, the lower index first among equal ones. */
final class Selection {

    private Selection() {}

    /**
     * Marks the {@code count} smallest of {@code scores[from, from + length)}. Which scores are smaller is a coin's toss to a processor, so
     * nothing here branches on it: floats that are not negative are in the order of their bits, and the sign of a difference is added.
     *
     * @param scores finite, not negative
     * @param scratch room for {@code length} scores
     * @param marks set to true at the indices of the chosen ones, left alone elsewhere
     */
    static void smallest(float[] scores, int from, int length, int count, int[] scratch, boolean[] marks) {
        if (count == 0) {
            return;
        }
        for (int i = 0; i < length; i++) {
            scratch[i] = Float.floatToRawIntBits(scores[from + i]);
        }
        int threshold = select(scratch, length, count - 1);
        int ties = count;
        for (int i = from; i < from + length; i++) {
            int below = Float.floatToRawIntBits(scores[i]) - threshold >>> 31;
            marks[i] |= below != 0;
            ties -= below;
        }
        for (int i = from; ties > 0; i++) {
            if (Float.floatToRawIntBits(scores[i]) == threshold) {
                marks[i] = true;
                ties--;
            }
        }
    }

    /** floor(n ratio), in decimal arithmetic. */
    static long count(long n, BigDecimal ratio) {
        return ratio.multiply(BigDecimal.valueOf(n))
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
    }

    /** The value that stands at {@code rank} once {@code values[0, length)}, none negative, is sorted; reorders them. */
    private static int select(int[] values, int length, int rank) {
        int low = 0;
        int high = length;
        while (true) {
            int pivot = median(values[low], values[low + high >>> 1], values[high - 1]);
            int notBelow = partition(values, low, high, pivot);
            if (rank < notBelow) {
                high = notBelow;
                continue;
            }
            int above = partition(values, notBelow, high, pivot + 1);
            if (rank < above) {
                return pivot;
            }
            low = above;
        }
    }

    /** Moves what is below {@code bound} to the front of {@code values[low, high)} and returns where it ends (Lomuto's partition). */
    private static int partition(int[] values, int low, int high, int bound) {
        int end = low;
        for (int i = low; i < high; i++) {
            int value = values[i];
            values[i] = values[end];
            values[end] = value;
            end += value - bound >>> 31;
        }
        return end;
    }

    private static int median(int a, int b, int c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
