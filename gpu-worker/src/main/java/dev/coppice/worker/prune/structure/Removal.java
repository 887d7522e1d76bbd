package dev.coppice.worker.prune.structure;

import dev.coppice.worker.model.language.AbsentMixer;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What {@link Shedder} removes. */
enum Removal {
    /** Whole blocks, MLP and all; attention blocks too. */
    BLOCK {
        @Override
        boolean fits(MixerShape shape) {
            return !(shape instanceof AbsentMixer);
        }

        @Override
        AssembledModel without(AssembledModel model, Set<Integer> removed) {
            return model.reduced(
                    all(model).stream()
                            .filter(layer -> !removed.contains(layer))
                            .toList(),
                    Set.of());
        }
    },
    /** State-space mixers; the blocks' MLPs stay. */
    MIXER {
        @Override
        boolean fits(MixerShape shape) {
            return shape instanceof Mamba2Shape;
        }

        @Override
        AssembledModel without(AssembledModel model, Set<Integer> removed) {
            return model.reduced(all(model), removed);
        }
    };

    /** Families whose blocks are a mixer and nothing else. */
    private static final Set<String> WITHOUT_MLP = Set.of("mamba1", "mamba2");

    /** Name in configs. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a layer with this mixer is a unit. */
    abstract boolean fits(MixerShape shape);

    /** The model without them. */
    abstract AssembledModel without(AssembledModel model, Set<Integer> removed);

    /** Why models of this architecture cannot lose such units; null when they can. */
    @Nullable
    String refusal(String architecture) {
        return this == MIXER && WITHOUT_MLP.contains(architecture)
                ? "its blocks are mixers and nothing else; use unit = block"
                : null;
    }

    private static List<Integer> all(AssembledModel model) {
        return IntStream.range(0, model.layers()).boxed().toList();
    }
}
