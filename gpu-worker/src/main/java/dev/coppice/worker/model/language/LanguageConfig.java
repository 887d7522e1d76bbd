package dev.coppice.worker.model.language;

import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.WeightMatrix;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The hyper-parameters of a language model, read and checked.
 *
 * @param architecture name of the family
 * @param layout what a checkpoint holds of what is optional; asked only where there is no checkpoint to look into
 * @param assembly puts the model together from its tensors
 */
public record LanguageConfig(String architecture, Supplier<PublishedLayout> layout, Assembly assembly)
        implements ModelConfig {

    /** Reads the tensors that the hyper-parameters ask for. */
    @FunctionalInterface
    public interface Assembly {
        BlockModel read(ModelTensors tensors);
    }

    /** The matrices of its layers; how many tokens there are makes no difference to them. */
    @Override
    public List<WeightMatrix> matrices() {
        return assembly.read(new RequiredTensors(new PublishedLayout(1, Set.of())))
                .matrices();
    }

    @Override
    public boolean hasBatchNorm() {
        return false;
    }

    @Override
    public @Nullable String refusal(InputSpec inputs) {
        return inputs.kind() == InputKind.LANGUAGE ? null : "a language model takes text whose tokens are scored";
    }
}
