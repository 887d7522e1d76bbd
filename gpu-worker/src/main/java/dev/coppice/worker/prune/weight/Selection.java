package dev.coppice.worker.prune.weight;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** The smallest scores of a run: as many as asked for, the lower index first among equal ones. */
final class Selection {

    private Selection() {}

    /**
     * Marks the {@code count} smallest of {@code scores[from, from + length)}.
     *
     * @param scores finite
     * @param scratch room for {@code length} scores
     * @param marks set to true at the indices of the chosen ones, left alone elsewhere
     */
    static void smallest(float[] scores, int from, int length, int count, float[] scratch, boolean[] marks) {
        if (count == 0) {
            return;
        }
        System.arraycopy(scores, from, scratch, 0, length);
        float threshold = select(scratch, length, count - 1);
        int below = 0;
        for (int i = from; i < from + length; i++) {
            below += scores[i] < threshold ? 1 : 0;
        }
        int equal = count - below;
        for (int i = from; i < from + length; i++) {
            if (scores[i] < threshold || scores[i] == threshold && equal-- > 0) {
                marks[i] = true;
            }
        }
    }

    /** floor(n ratio), in decimal arithmetic. */
    static long count(long n, BigDecimal ratio) {
        return ratio.multiply(BigDecimal.valueOf(n))
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
    }

    /** The value that stands at {@code rank} once {@code values[0, length)} is sorted; reorders them (Hoare's selection). */
    static float select(float[] values, int length, int rank) {
        int low = 0;
        int high = length - 1;
        while (low < high) {
            float pivot = median(values[low], values[(low + high) >>> 1], values[high]);
            int i = low;
            int j = high;
            while (i <= j) {
                while (values[i] < pivot) {
                    i++;
                }
                while (values[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    float swapped = values[i];
                    values[i++] = values[j];
                    values[j--] = swapped;
                }
            }
            if (rank <= j) {
                high = j;
            } else if (rank >= i) {
                low = i;
            } else {
                return values[rank];
            }
        }
        return values[rank];
    }

    private static float median(float a, float b, float c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
