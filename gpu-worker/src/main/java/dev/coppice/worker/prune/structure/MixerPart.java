package dev.coppice.worker.prune.structure;

import dev.coppice.results.Granularity;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.language.MixerCut;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.mamba1.Mamba1Cut;
import dev.coppice.worker.model.mamba1.Mamba1Mixer;
import dev.coppice.worker.model.mamba1.Mamba1Shape;
import dev.coppice.worker.model.mamba2.Mamba2Cut;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What of a mixer is pruned. Units lie in groups: a layer's (groups, units). */
enum MixerPart {
    /** States of each group of B; of Mamba-1, states that all channels share. */
    STATES(Granularity.STATE) {
        @Override
        @Nullable
        String refusal(MixerShape shape) {
            return shape instanceof Mamba2Shape || shape instanceof Mamba1Shape ? null : "it has no states";
        }

        @Override
        MixerCut cut(Mixer mixer, boolean[][] kept, PartScore.Watching watched) {
            if (mixer instanceof Mamba1Mixer mamba1) {
                return new Mamba1Cut(
                        mamba1.shape(),
                        IntStream.range(0, kept[0].length)
                                .filter(n -> kept[0][n])
                                .toArray());
            }
            return Mamba2Cut.states((Mamba2Mixer) mixer, kept);
        }
    },
    /** Channels of each head, the same ones of x, z and out_proj. */
    CHANNELS(Granularity.CHANNEL) {
        @Override
        @Nullable
        String refusal(MixerShape shape) {
            return shape instanceof Mamba2Shape ? null : "it has no heads";
        }

        @Override
        MixerCut cut(Mixer mixer, boolean[][] kept, PartScore.Watching watched) {
            return Mamba2Cut.channels((Mamba2Mixer) mixer, kept);
        }
    },
    /** Heads; a layer's are one group. */
    HEADS(Granularity.HEAD) {
        @Override
        @Nullable
        String refusal(MixerShape shape) {
            if (!(shape instanceof Mamba2Shape mamba2)) {
                return "it has no heads";
            }
            if (mamba2.xHeads() < mamba2.heads()) {
                return "several heads share an x";
            }
            if (mamba2.bGroups() > 1 && mamba2.bGroups() < mamba2.heads()) {
                return mamba2.bGroups() + " groups of heads share B and C, and each group must keep as many heads";
            }
            return mamba2.normGroups() > 1 ? "its norm is one of " + mamba2.normGroups() + " groups of heads" : null;
        }

        @Override
        MixerCut cut(Mixer mixer, boolean[][] kept, PartScore.Watching watched) {
            return Mamba2Cut.heads((Mamba2Mixer) mixer, kept[0], watched.compensation(kept[0]));
        }
    };

    private final Granularity granularity;

    MixerPart(Granularity granularity) {
        this.granularity = granularity;
    }

    Granularity granularity() {
        return granularity;
    }

    /** Why a mixer of this shape cannot lose such parts; null when it can. */
    abstract @Nullable String refusal(MixerShape shape);

    /**
     * A mixer without what is not kept.
     *
     * @param kept (groups, units)
     * @param watched what scored them
     */
    abstract MixerCut cut(Mixer mixer, boolean[][] kept, PartScore.Watching watched);
}
