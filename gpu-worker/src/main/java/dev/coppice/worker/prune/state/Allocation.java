package dev.coppice.worker.prune.state;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** How the budget of kept states is spread over the layers. */
public enum Allocation {
    /** The same ratio in every layer. */
    UNIFORM {
        @Override
        public List<boolean[]> keep(List<double[]> scores, BigDecimal ratio) {
            List<boolean[]> keep = new ArrayList<>();
            for (double[] layer : scores) {
                keep.add(atLeast(layer, threshold(layer.clone(), ratio)));
            }
            return keep;
        }
    },
    /** One threshold over the states of all layers. */
    GLOBAL {
        @Override
        public List<boolean[]> keep(List<double[]> scores, BigDecimal ratio) {
            double[] all = scores.stream().flatMapToDouble(Arrays::stream).toArray();
            double threshold = threshold(all, ratio);
            return scores.stream().map(layer -> atLeast(layer, threshold)).toList();
        }
    },
    /**
     * The same number in every group, as structures whose groups share a size ask for it: of n units the floor(n ratio) with the lowest scores go, the
     * lower index first among equal ones, but never all.
     */
    GROUPED {
        @Override
        public List<boolean[]> keep(List<double[]> scores, BigDecimal ratio) {
            return scores.stream()
                    .map(group ->
                            highest(group, group.length - Math.min(pruned(group.length, ratio), group.length - 1)))
                    .toList();
        }
    },
    /**
     * Of the n units of all layers all but floor(n ratio), those with the highest scores, the lower layer and index first among equal ones; and of each
     * layer the best (FLAP's rule).
     */
    BEST_OF_EACH {
        @Override
        public List<boolean[]> keep(List<double[]> scores, BigDecimal ratio) {
            double[] all = scores.stream().flatMapToDouble(Arrays::stream).toArray();
            int[] descending = descending(all);
            boolean[] kept = new boolean[all.length];
            for (int i = 0; i < all.length - pruned(all.length, ratio); i++) {
                kept[descending[i]] = true;
            }
            List<boolean[]> keep = new ArrayList<>();
            int first = 0;
            for (double[] layer : scores) {
                boolean[] own = Arrays.copyOfRange(kept, first, first + layer.length);
                own[descending(layer)[0]] = true;
                keep.add(own);
                first += layer.length;
            }
            return keep;
        }
    };

    /**
     * Which units are kept when {@code ratio} of them are pruned.
     *
     * @param scores of each layer, or of each group where these are allotted to on their own
     */
    public abstract List<boolean[]> keep(List<double[]> scores, BigDecimal ratio);

    /** max(floor(n (1 - ratio)), 1), in decimal arithmetic: 10 states at 0.9 keep one, not none. */
    static int count(int states, BigDecimal ratio) {
        BigDecimal kept = BigDecimal.valueOf(states).multiply(BigDecimal.ONE.subtract(ratio));
        return Math.max(kept.setScale(0, RoundingMode.FLOOR).intValueExact(), 1);
    }

    /** floor(n ratio), in decimal arithmetic. */
    private static int pruned(int units, BigDecimal ratio) {
        return ratio.multiply(BigDecimal.valueOf(units))
                .setScale(0, RoundingMode.FLOOR)
                .intValueExact();
    }

    /** The {@code count} highest; of equal ones those of higher index. */
    private static boolean[] highest(double[] scores, int count) {
        int[] ascending = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        boolean[] kept = new boolean[scores.length];
        for (int i = scores.length - count; i < scores.length; i++) {
            kept[ascending[i]] = true;
        }
        return kept;
    }

    /** Indices from the highest score to the lowest, the lower index first among equal ones. */
    private static int[] descending(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The score of the last state that is kept; sorts {@code scores}. States that tie with it are kept too. */
    private static double threshold(double[] scores, BigDecimal ratio) {
        Arrays.sort(scores);
        return scores.length == 0 ? 0 : scores[scores.length - count(scores.length, ratio)];
    }

    private static boolean[] atLeast(double[] scores, double threshold) {
        boolean[] keep = new boolean[scores.length];
        for (int i = 0; i < keep.length; i++) {
            keep[i] = scores[i] >= threshold;
        }
        return keep;
    }
}
