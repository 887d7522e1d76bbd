package dev.coppice.worker.prune.structure;

import dev.coppice.worker.prune.LayerWalk.Propagation;
import dev.coppice.worker.prune.MethodEntry;
import dev.coppice.worker.prune.Parameter;
import dev.coppice.worker.prune.state.Allocation;
import dev.coppice.worker.prune.state.Normalisation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** All methods that prune parts of mixers. */
public final class StructureMethods {

    private static final Parameter PROPAGATE = new Parameter("propagate", "pruned", List.of("pruned", "dense"));

    private static final Parameter UNIT =
            new Parameter("unit", Removal.BLOCK.label(), List.of(Removal.BLOCK.label(), Removal.MIXER.label()));

    private StructureMethods() {}

    /** The methods, in the order of the documentation. */
    public static List<MethodEntry> entries() {
        return List.of(
                grouped("dstate-magnitude", MixerPart.STATES, PartScores.STATE_MAGNITUDE),
                grouped("dstate-random", MixerPart.STATES, PartScores.STATE_RANDOM),
                MethodEntry.fixed(new PoolingMethod("dstate-mean", Pooling.STATES)),
                last("last-mamba2", new LastScore()),
                last("last-mamba1", new Mamba1LastScore()),
                new MethodEntry(
                        "ghost",
                        List.of(PROPAGATE),
                        values -> new PartMethod(
                                "ghost",
                                MixerPart.STATES,
                                new GhostScore(),
                                Normalisation.NONE,
                                Allocation.GROUPED,
                                propagation(values))),
                grouped("headdim-magnitude", MixerPart.CHANNELS, PartScores.CHANNEL_MAGNITUDE),
                MethodEntry.fixed(new PoolingMethod("merge-mean", Pooling.HEADS)),
                MethodEntry.fixed(new PoolingMethod("merge-kmeans", Pooling.ALIKE_HEADS)),
                fixed("flap", MixerPart.HEADS, new FlapScore(), Normalisation.NONE, Allocation.BEST_OF_EACH),
                new MethodEntry(
                        "shedder",
                        List.of(UNIT),
                        values -> new Shedder(
                                "shedder", Removal.valueOf(value(values, UNIT).toUpperCase(Locale.ROOT)))));
    }

    private static MethodEntry grouped(String name, MixerPart part, PartScore score) {
        return fixed(name, part, score, Normalisation.NONE, Allocation.GROUPED);
    }

    private static MethodEntry last(String name, PartScore score) {
        return fixed(name, MixerPart.STATES, score, Normalisation.SUFFIX_SUM, Allocation.GLOBAL);
    }

    private static MethodEntry fixed(
            String name, MixerPart part, PartScore score, Normalisation normalisation, Allocation allocation) {
        return MethodEntry.fixed(new PartMethod(name, part, score, normalisation, allocation, Propagation.DENSE));
    }

    private static Propagation propagation(Map<String, String> values) {
        return Propagation.valueOf(value(values, PROPAGATE).toUpperCase(Locale.ROOT));
    }

    private static String value(Map<String, String> values, Parameter parameter) {
        return Objects.requireNonNullElse(values.get(parameter.name()), parameter.standard());
    }
}
