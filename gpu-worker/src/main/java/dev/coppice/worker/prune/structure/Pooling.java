package dev.coppice.worker.prune.structure;

import dev.coppice.results.Granularity;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.mamba2.Mamba2Cut;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.model.mamba2.Mamba2Shape.Part;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a pooling method makes one of several. */
enum Pooling {
    /** Neighbouring states of each group of B and C. Of N states n = N - floor(N ratio) are left, at least one: means of n runs of (nearly) equal length. */
    STATES(Granularity.STATE) {
        @Override
        @Nullable
        String refusal(MixerShape shape) {
            return shape instanceof Mamba2Shape
                    ? null
                    : "its states do not share their decay, and have no meaningful mean";
        }

        @Override
        void cut(ScoredLayer layer, Function<String, double[]> stored, BigDecimal ratio, MaskBuilder mask) {
            Mamba2Mixer mixer = (Mamba2Mixer) layer.mixer();
            int n = mixer.shape().states();
            int left = left(n, ratio);
            int groups = mixer.shape().bGroups();
            mask.add(layer, Mamba2Cut.pooledStates(mixer, left), left * groups, n * groups);
        }
    },
    /** Neighbouring groups of B and C. */
    HEADS(Granularity.HEAD) {
        @Override
        @Nullable
        String refusal(MixerShape shape) {
            return mergeRefusal(shape);
        }

        @Override
        void cut(ScoredLayer layer, Function<String, double[]> stored, BigDecimal ratio, MaskBuilder mask) {
            Mamba2Mixer mixer = (Mamba2Mixer) layer.mixer();
            int groups = mixer.shape().bGroups();
            int[][] clusters = new int[leftOfEqual(groups, ratio)][groups / leftOfEqual(groups, ratio)];
            for (int g = 0; g < groups; g++) {
                clusters[g / clusters[0].length][g % clusters[0].length] = g;
            }
            mask.add(layer, Mamba2Cut.merged(mixer, clusters), clusters.length, groups);
        }
    },
    /** Groups of B and C whose rows of in_proj are alike, by k-means with clusters of one size. */
    ALIKE_HEADS(Granularity.HEAD) {
        @Override
        @Nullable
        String refusal(MixerShape shape) {
            return mergeRefusal(shape);
        }

        @Override
        void cut(ScoredLayer layer, Function<String, double[]> stored, BigDecimal ratio, MaskBuilder mask) {
            Mamba2Mixer mixer = (Mamba2Mixer) layer.mixer();
            int groups = mixer.shape().bGroups();
            int[][] clusters =
                    EqualClusters.of(points(mixer.shape(), stored.apply("in_proj.weight")), leftOfEqual(groups, ratio));
            mask.add(layer, Mamba2Cut.merged(mixer, clusters), clusters.length, groups);
        }
    };

    private final Granularity granularity;

    Pooling(Granularity granularity) {
        this.granularity = granularity;
    }

    Granularity granularity() {
        return granularity;
    }

    /** Why a mixer of this shape cannot be pooled; null when it can. */
    abstract @Nullable String refusal(MixerShape shape);

    /**
     * Adds a layer's cut to {@code mask}.
     *
     * @param stored the mixer's tensors by name, as float64
     */
    abstract void cut(ScoredLayer layer, Function<String, double[]> stored, BigDecimal ratio, MaskBuilder mask);

    /** n - floor(n ratio), at least 1. */
    static int left(int n, BigDecimal ratio) {
        int gone = ratio.multiply(BigDecimal.valueOf(n))
                .setScale(0, RoundingMode.FLOOR)
                .intValueExact();
        return Math.max(1, n - gone);
    }

    /** The largest divisor of n that is at most n - floor(n ratio): at least as many go as are asked for. */
    static int leftOfEqual(int n, BigDecimal ratio) {
        int left = left(n, ratio);
        while (n % left != 0) {
            left--;
        }
        return left;
    }

    private static @Nullable String mergeRefusal(MixerShape shape) {
        if (!(shape instanceof Mamba2Shape mamba2)) {
            return "it has no heads";
        }
        if (mamba2.bGroups() == 1) {
            return "all heads share one B and C already";
        }
        if (mamba2.xHeads() < mamba2.heads() || mamba2.cGroups() > mamba2.bGroups()) {
            return "several heads share an x and a B already";
        }
        return mamba2.normGroups() > 0 ? "the groups of B and C are those of its norm, too" : null;
    }

    /** Each group's rows of B, then of C: (G)(2 N D). */
    static double[][] points(Mamba2Shape shape, double[] inProj) {
        int length = shape.states() * shape.width();
        double[][] points = new double[shape.bGroups()][2 * length];
        for (int g = 0; g < points.length; g++) {
            System.arraycopy(inProj, shape.from(Part.B) * shape.width() + g * length, points[g], 0, length);
            System.arraycopy(inProj, shape.from(Part.C) * shape.width() + g * length, points[g], length, length);
        }
        return points;
    }
}
