package dev.coppice.worker.prune.state;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How the budget of kept states is spread over the layers. */
public enum Allocation {
    /** The same ratio in every layer. */
    UNIFORM {
        @Override
        List<boolean[]> keep(List<double[]> scores, BigDecimal ratio) {
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
        List<boolean[]> keep(List<double[]> scores, BigDecimal ratio) {
            double[] all = scores.stream().flatMapToDouble(Arrays::stream).toArray();
            double threshold = threshold(all, ratio);
            return scores.stream().map(layer -> atLeast(layer, threshold)).toList();
        }
    };

    /** Which states of each layer are kept when {@code ratio} of them are pruned. */
    abstract List<boolean[]> keep(List<double[]> scores, BigDecimal ratio);

    /** max(floor(n (1 - ratio)), 1), in decimal arithmetic: 10 states at 0.9 keep one, not none. */
    static int count(int states, BigDecimal ratio) {
        BigDecimal kept = BigDecimal.valueOf(states).multiply(BigDecimal.ONE.subtract(ratio));
        return Math.max(kept.setScale(0, RoundingMode.FLOOR).intValueExact(), 1);
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
