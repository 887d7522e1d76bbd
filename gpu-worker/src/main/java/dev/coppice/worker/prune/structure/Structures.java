package dev.coppice.worker.prune.structure;

import dev.coppice.worker.prune.LayerWalk.Propagation;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.prune.state.Allocation;
import dev.coppice.worker.prune.state.Normalisation;

/** The methods of this package by what they do; docs/methods.md describes them. */
public final class Structures {

    private Structures() {}

    /** States by the magnitude of their rows of B and C, jointly. */
    public static PruningMethod stateMagnitude(String name) {
        return grouped(name, MixerPart.STATES, PartScores.STATE_MAGNITUDE);
    }

    /** States by chance. */
    public static PruningMethod stateRandom(String name) {
        return grouped(name, MixerPart.STATES, PartScores.STATE_RANDOM);
    }

    /** Means of neighbouring states. */
    public static PruningMethod pooledStates(String name) {
        return new PoolingMethod(name, Pooling.STATES);
    }

    /** Channels of heads by the magnitude of their rows of x and z and their columns of out_proj, jointly. */
    public static PruningMethod channelMagnitude(String name) {
        return grouped(name, MixerPart.CHANNELS, PartScores.CHANNEL_MAGNITUDE);
    }

    private static PruningMethod grouped(String name, MixerPart part, PartScore score) {
        return new PartMethod(name, part, score, Normalisation.NONE, Allocation.GROUPED, Propagation.DENSE);
    }
}
