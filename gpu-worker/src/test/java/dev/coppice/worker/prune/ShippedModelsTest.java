package dev.coppice.worker.prune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.input.Input;
import dev.coppice.worker.model.ClassifierCase;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.Tasks;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pruning of the trained checkpoints in data/, on the first examples of their tasks. */
class ShippedModelsTest {

    private static final Path DATA = Path.of("..", "data");
    private static final BigDecimal HALF = new BigDecimal("0.5");

    @ParameterizedTest
    @CsvSource({
        "s5-smnist, smnist, mnist, last",
        "s5-smnist, smnist, mnist, global-hinf",
        "s5-psmnist, psmnist, mnist, aire",
        "s5-listops-short, listops, listops-short, last",
        "s5-listops, listops, listops, last-repo-compat",
        "s5-listops, listops, listops, random",
        "s4d-smnist, smnist, mnist, last",
        "s4d-smnist, smnist, mnist, lamp"
    })
    void compactedAndMaskedModelsGiveTheSameOutputs(String checkpoint, String task, String data, String method) {
        SequenceClassifier model = model(checkpoint);
        Mask mask = Methods.of(method).rank(model, PruningInputs.seed(1)).mask(HALF, PruningInputs.seed(0));
        List<Input> inputs = inputs(task, data, 2);
        try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 1, Precision.FLOAT32)) {
            float[] masked = logits(compute, mask.applyTo(model), inputs);
            float[] compacted = logits(compute, mask.compact(model), inputs);
            assertThat(masked).hasSize(2 * model.classes());
            for (int i = 0; i < masked.length; i++) {
                assertThat(compacted[i]).isCloseTo(masked[i], Offset.offset(1e-5f));
            }
        }
        assertThat(mask.achievedRatio()).isEqualTo(0.5);
        assertThat(mask.compact(model).stateSize()).isEqualTo(model.stateSize() / 2);
    }

    @Test
    void theUnstableStateOfATrainedModelIsFlaggedAndRanksHighestByEnergy() {
        SequenceClassifier model = model("s5-listops");
        String flag = "layer 6: 1 of 8 states unstable, largest |lambda_bar| 1.00002241";

        Ranking last = Methods.of("last").rank(model, PruningInputs.seed(0));
        assertThat(last.flags()).singleElement().asString().startsWith(flag);
        assertThat(last.mask(BigDecimal.ONE, PruningInputs.seed(0)).keptPerLayer())
                .containsOnly(1)
                .hasSize(8);

        Ranking aire = Methods.of("aire").rank(model, PruningInputs.seed(0));
        assertThat(aire.flags()).singleElement().asString().startsWith(flag);
        assertThat(aire.mask(BigDecimal.ONE, PruningInputs.seed(0)).keptPerLayer())
                .containsExactly(0, 0, 0, 0, 0, 0, 1, 0);
        assertThat(aire.mask(new BigDecimal("0.9"), PruningInputs.seed(0)).keptPerLayer())
                .allSatisfy(kept -> assertThat(kept).isPositive());
    }

    private static SequenceClassifier model(String checkpoint) {
        return (SequenceClassifier)
                ClassifierCase.model(DATA.resolve("checkpoints").resolve(checkpoint), "weights.safetensors");
    }

    private static List<Input> inputs(String task, String data, int count) {
        try (Stream<LabelledExample> examples = Tasks.classification(
                        task, DATA.resolve(data).toString(), new TreeMap<>())
                .examples()) {
            return examples.limit(count).map(LabelledExample::input).toList();
        }
    }

    private static float[] logits(Compute compute, Model model, List<Input> inputs) {
        SequenceClassifier classifier = (SequenceClassifier) model;
        try (Scope scope = compute.scope()) {
            return compute.download(classifier.on(compute).logits(compute, classifier.encode(inputs), Observer.NONE));
        }
    }
}
