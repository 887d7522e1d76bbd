package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.DiagonalStates;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.StatePrunable;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.Checkpoints;
import dev.coppice.worker.weights.Fingerprint;
import dev.coppice.worker.weights.TensorInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know about a model without running it.
 *
 * @param weightsFile the file that its weights were read from, or the index of several
 * @param config config.json as it stands
 * @param tensors of the checkpoint, in its order
 * @param layers whose states can be pruned, first layer first; empty for a model without such states
 * @param language what only language models have; null for others
 */
record Inspection(
        String architecture,
        Path weightsFile,
        String fingerprint,
        JsonNode config,
        long parameters,
        long mixerParameters,
        long stateSize,
        long stateBytes,
        long bytes,
        List<NamedTensor> tensors,
        List<Layer> layers,
        @Nullable LanguageParts language) {

    /** A tensor by name, with the label of its type. */
    record NamedTensor(String name, String dtype, int[] shape) {

        private static NamedTensor of(String name, TensorInfo info) {
            return new NamedTensor(name, info.dtype().name().toLowerCase(Locale.ROOT), info.shape());
        }

        long elements() {
            return Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
        }
    }

    /**
     * A layer's prunable states.
     *
     * @param smallest smallest |lambda_bar|
     * @param largest largest |lambda_bar|
     * @param unstable number of states with |lambda_bar| of 1 or more
     */
    record Layer(int layer, int states, double smallest, double largest, int unstable) {

        private static Layer of(DiagonalStates states) {
            double[] magnitudes = states.lamBarAbs();
            return new Layer(
                    states.layer(),
                    states.count(),
                    Arrays.stream(magnitudes).min().orElse(0),
                    Arrays.stream(magnitudes).max().orElse(0),
                    (int) Arrays.stream(magnitudes).filter(a -> a >= 1).count());
        }
    }

    /** Reads all of a model. */
    static Inspection of(Path folder, @Nullable String weights) {
        Model model = ModelFamilies.read(folder, weights);
        try (Checkpoint checkpoint = Checkpoints.open(folder, weights)) {
            return new Inspection(
                    model.architecture(),
                    Checkpoints.locate(folder, weights),
                    Fingerprint.of(folder, weights),
                    ModelFamilies.config(folder),
                    model.parameters(),
                    model.mixerParameters(),
                    model.stateSize(),
                    model.stateBytes(),
                    model.bytes(),
                    checkpoint.names().stream()
                            .map(name -> NamedTensor.of(name, checkpoint.info(name)))
                            .toList(),
                    model instanceof StatePrunable<?> prunable
                            ? prunable.states().stream().map(Layer::of).toList()
                            : List.of(),
                    model instanceof AssembledModel language ? LanguageParts.of(language) : null);
        }
    }

    /** Prunable states of all layers. */
    int states() {
        return layers.stream()
                .flatMapToInt(layer -> IntStream.of(layer.states()))
                .sum();
    }
}
