package dev.coppice.worker.model.language;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.WeightMatrix;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hyper-parameters of a language model, read and checked.
 *
 * @param architecture name of the family
 * @param layout what a checkpoint holds of what not all have
 * @param mixers of each layer, first layer first
 * @param assembly puts the model together from its tensors
 * @param writing the config in the layout in which it was read
 */
public record LanguageConfig(
        String architecture, PublishedLayout layout, List<MixerShape> mixers, Assembly assembly, Writing writing)
        implements ModelConfig {

    public LanguageConfig {
        mixers = List.copyOf(mixers);
    }

    /** Reads the tensors that the hyper-parameters ask for. */
    @FunctionalInterface
    public interface Assembly {

        /** The model whose layers have these mixers. */
        BlockModel read(ModelTensors tensors, List<MixerShape> mixers);
    }

    /** Says in the family's published layout what a model's layers are. */
    @FunctionalInterface
    public interface Writing {

        /**
         * The files that describe a model of this family whose layers have these mixers, by name.
         *
         * @throws dev.coppice.worker.model.ModelException when the layout cannot say it; the message says what and why
         */
        Map<String, JsonNode> files(List<MixerShape> mixers);
    }

    /** The same model with other mixers: smaller ones, or fewer layers. */
    public LanguageConfig withMixers(List<MixerShape> others) {
        return new LanguageConfig(architecture, layout, others, assembly, writing);
    }

    /** The model, put together from its tensors. */
    BlockModel assemble(ModelTensors tensors) {
        return assembly.read(tensors, mixers);
    }

    /**
     * The files beside the weights that describe the model, by name: config.json and what it needs.
     *
     * @throws dev.coppice.worker.model.ModelException when the published layout has no way to say these sizes
     */
    public Map<String, JsonNode> files() {
        return writing.files(mixers);
    }

    /** The matrices of its layers; how many tokens there are makes no difference to them. */
    @Override
    public List<WeightMatrix> matrices() {
        return assemble(new RequiredTensors(new PublishedLayout(() -> 1, Set.of())))
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
