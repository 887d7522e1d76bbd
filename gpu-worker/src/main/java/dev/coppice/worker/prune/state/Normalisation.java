package dev.coppice.worker.prune.state;

import java.util.Comparator;
import java.util.stream.IntStream;

/** What makes the scores of different layers comparable. */
public enum Normalisation {
    /** Nothing. */
    NONE {
        @Override
        public double[] of(double[] scores) {
            return scores.clone();
        }
    },
    /**
     * Each score divided by the sum of itself and all larger ones of its layer (LAST, eq. 9; the form of LAMP). Among equal
     * scores the lower index has the others in its sum. The largest becomes 1; a score of 0 stays 0, also where all are 0;
     * {@link StateScore#UNSTABLE} stays what it is.
     */
    SUFFIX_SUM {
        @Override
        public double[] of(double[] scores) {
            int[] descending = IntStream.range(0, scores.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> scores[i])
                            .thenComparing(Comparator.naturalOrder())
                            .reversed())
                    .mapToInt(Integer::intValue)
                    .toArray();
            double[] normalised = new double[scores.length];
            double sum = 0;
            for (int i : descending) {
                if (scores[i] == StateScore.UNSTABLE) {
                    normalised[i] = StateScore.UNSTABLE;
                } else {
                    sum += scores[i];
                    normalised[i] = scores[i] == 0 ? 0 : scores[i] / sum;
                }
            }
            return normalised;
        }
    };

    /** The normalised scores of a layer. */
    public abstract double[] of(double[] scores);
}
