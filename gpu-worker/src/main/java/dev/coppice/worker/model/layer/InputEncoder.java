package dev.coppice.worker.model.layer;

import dev.coppice.worker.input.DocumentPair;
import dev.coppice.worker.input.Input;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.SequenceBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a classifier turns raw inputs into batches: what its config.json says about vocabulary, pixels, samples and length. */
public sealed interface InputEncoder permits PixelEncoder, SampleEncoder, TokenEncoder {

    /** What the values of a continuous input are: pixels where the config doesn't say. */
    String INPUT_VALUES = "input_values";

    /**
     * Encodes inputs, all padded to the model's length.
     *
     * @throws dev.coppice.worker.model.InputException when an input is of another kind or does not fit
     */
    SequenceBatch encode(List<Input> inputs);

    /** Why inputs of this kind cannot be encoded; null when they can. */
    @Nullable
    String refusal(InputSpec inputs);

    /** Why a classifier of {@code classes} classes cannot be evaluated on these inputs; null when it can. */
    static @Nullable String refusal(InputSpec inputs, int classes) {
        if (inputs.kind() == InputKind.LANGUAGE) {
            return "the model classifies sequences, the task scores the tokens of texts";
        }
        return inputs.classes() == classes
                ? null
                : "the model has " + classes + " classes, the task " + inputs.classes();
    }

    /**
     * The encoder that the config of a model folder describes.
     *
     * @throws ModelException when a key, or the permutation that it names, is missing or wrong
     */
    static InputEncoder read(Path folder, ConfigKeys keys) {
        if (keys.choice("input_kind", InputLayer.class) != InputLayer.CONTINUOUS) {
            return TokenEncoder.read(keys);
        }
        boolean samples = keys.has(INPUT_VALUES) && keys.choice(INPUT_VALUES, InputValues.class) == InputValues.SAMPLES;
        return samples ? SampleEncoder.read(folder, keys) : PixelEncoder.read(folder, keys);
    }

    /** The inputs one by one: of pairs first all first documents, then all second ones. */
    static List<Input> flat(List<Input> inputs) {
        if (inputs.stream().noneMatch(DocumentPair.class::isInstance)) {
            return inputs;
        }
        List<Input> firsts = new ArrayList<>();
        List<Input> seconds = new ArrayList<>();
        for (Input input : inputs) {
            if (!(input instanceof DocumentPair pair)) {
                throw new IllegalArgumentException("pairs and single inputs in one batch");
            }
            firsts.add(pair.first());
            seconds.add(pair.second());
        }
        firsts.addAll(seconds);
        return firsts;
    }
}
