package dev.coppice.worker.prune.structure;

import dev.coppice.results.Granularity;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.mamba2.Mamba2Cut;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
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
        void cut(ScoredLayer layer, Function<String, double[]> stored, BigDecimal ratio, long seed, MaskBuilder mask) {
            Mamba2Mixer mixer = (Mamba2Mixer) layer.mixer();
            int n = mixer.shape().states();
            int left = left(n, ratio);
            int groups = mixer.shape().bGroups();
            mask.add(layer, Mamba2Cut.pooledStates(mixer, left), left * groups, n * groups);
        }
    };

    private final Granularity granularity;

    Pooling(Granularity granularity) {
        this.granularity = granularity;
    }

    Granularity granularity() {
        return granularity;
    }

    /** Whether it draws random numbers. */
    boolean random() {
        return false;
    }

    /** Why a mixer of this shape cannot be pooled; null when it can. */
    abstract @Nullable String refusal(MixerShape shape);

    /**
     * Adds a layer's cut to {@code mask}.
     *
     * @param stored the mixer's tensors by name, as float64
     */
    abstract void cut(
            ScoredLayer layer, Function<String, double[]> stored, BigDecimal ratio, long seed, MaskBuilder mask);

    /** n - floor(n ratio), at least 1. */
    static int left(int n, BigDecimal ratio) {
        int gone = ratio.multiply(BigDecimal.valueOf(n))
                .setScale(0, RoundingMode.FLOOR)
                .intValueExact();
        return Math.max(1, n - gone);
    }
}
