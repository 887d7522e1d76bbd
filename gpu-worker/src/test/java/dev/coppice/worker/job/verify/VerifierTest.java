package dev.coppice.worker.job.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.CheckpointException;
import dev.coppice.worker.weights.Checkpoints;
import dev.coppice.worker.weights.Fixtures;
import dev.coppice.worker.weights.SafetensorsWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden case from its weights to its outputs, on the path that jobs take. */
class VerifierTest {

    private static final double TOLERANCE = 1e-4;

    private final Compute compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32);

    @TempDir
    Path folder;

    static List<String> cases() {
        return Stream.concat(Fixtures.S5.stream(), Fixtures.S4D.stream()).toList();
    }

    @AfterEach
    void close() {
        compute.close();
    }

    private static SequenceClassifier model(String name) {
        return (SequenceClassifier) ModelFamilies.read(Fixtures.folder(name), null);
    }

    private static List<String> names(Verification verification) {
        return verification.comparisons().stream().map(TensorComparison::name).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everythingThatTheReferenceRecordsAgrees(String name) {
        try (Checkpoint golden = Fixtures.open(name, "io.safetensors")) {
            Verification verification = Verifier.verify(model(name), compute, golden);

            for (TensorComparison comparison : verification.comparisons()) {
                assertThat(comparison.error()).as(comparison.toString()).isLessThanOrEqualTo(TOLERANCE);
            }
            List<String> noOutputs = golden.names().stream()
                    .filter(tensor -> tensor.startsWith("pruned.")
                            || tensor.endsWith("_full_rate")
                            || List.of("tokens", "x", "lengths", "labels").contains(tensor))
                    .toList();
            assertThat(verification.notCompared()).containsExactlyInAnyOrderElementsOf(noOutputs);
            assertThat(names(verification)).endsWith(name.startsWith("s5") ? "log_probs" : "logits");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyPrunedModelAgrees(String name) {
        try (Checkpoint golden = Fixtures.open(name, "io.safetensors")) {
            SequenceClassifier model = model(name);
            TreeSet<String> compared = new TreeSet<>();
            for (String method : Methods.names()) {
                PruningMethod pruning = Methods.of(method);
                if (pruning.random() || pruning.calibrated() || pruning.refusal(model.config()) != null) {
                    continue;
                }
                for (int percent = 10; percent <= 100; percent += 10) {
                    Verification verification =
                            Verifier.verifyPruned(model, compute, golden, pruning, BigDecimal.valueOf(percent, 2));
                    assertThat(verification.largestError())
                            .as(method + " " + percent)
                            .isLessThanOrEqualTo(TOLERANCE);
                    compared.addAll(names(verification));
                }
            }
            List<String> pruned = golden.names().stream()
                    .filter(tensor -> tensor.startsWith("pruned."))
                    .toList();
            assertThat(compared).containsExactlyInAnyOrderElementsOf(pruned);
            assertThat(Verifier.prunings(golden)).hasSameSizeAs(pruned).contains("pruned.last.global.r50");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "last, 0.5, pruned.last.global.r50.",
        "last-repo-compat, 0.10, pruned.last_repo_compat.global.r10.",
        "uniform-hinf, 1, pruned.hinf.uniform.r100.",
        "global-magnitude, 0.125, pruned.magnitude.global.r12.5.",
        "aire, 0.9, pruned.aire.global.r90."
    })
    void methodsHaveTheReferencesNames(String method, BigDecimal ratio, String prefix) {
        assertThat(GoldenNames.prefix(method, ratio)).isEqualTo(prefix);
    }

    /** The golden file of a case with tensors replaced. */
    private Path changed(String name, Map<String, HostArray> replacements) {
        Path file = folder.resolve("changed.safetensors");
        try (Checkpoint golden = Fixtures.open(name, "io.safetensors")) {
            Map<String, HostArray> tensors = new LinkedHashMap<>();
            golden.names().forEach(tensor -> tensors.put(tensor, golden.read(tensor)));
            tensors.putAll(replacements);
            SafetensorsWriter.write(file, tensors, Map.of());
        }
        return file;
    }

    private TensorComparison logits(String name, HostArray replacement) {
        try (Checkpoint golden = Checkpoints.open(changed(name, Map.of("logits", replacement)), null)) {
            return Verifier.verify(model(name), compute, golden).comparisons().stream()
                    .filter(comparison -> comparison.name().equals("logits"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aDamagedGoldenIsFound() {
        try (Checkpoint golden = Fixtures.open("s5_pixel_pool", "io.safetensors")) {
            HostArray array = golden.read("logits");
            float[] values = array.toFloats();
            values[1] += 0.25f;
            TensorComparison shifted = logits("s5_pixel_pool", HostArray.ofFloats(values, array.shape()));
            assertThat(shifted.absoluteError()).isBetween(0.2499, 0.2501);
            assertThat(shifted.error()).isEqualTo(shifted.absoluteError() / Math.max(1, shifted.largest()));
            values[1] = Float.NaN;
            TensorComparison broken = logits("s5_pixel_pool", HostArray.ofFloats(values, array.shape()));
            assertThat(broken.error()).isInfinite();
            assertThat(broken.problem()).contains("at element 1 ours is").endsWith("golden NaN");
            TensorComparison flat = logits("s5_pixel_pool", HostArray.ofFloats(values, values.length));
            assertThat(flat.problem()).contains("ours has the shape [3, ");
        }
    }

    @Test
    void theErrorIsRelativeToLargeGoldenValuesOnly() {
        HostArray golden = HostArray.ofFloats(new float[] {8, -16}, 2);
        TensorComparison large =
                TensorComparison.of("a", new int[] {2}, new double[] {8, -12}, golden, ErrorMeasure.LARGEST);
        assertThat(large.error()).isEqualTo(0.25);
        assertThat(large.relativeError()).isEqualTo(0.25);
        HostArray small = HostArray.ofFloats(new float[] {0.5f}, 1);
        TensorComparison near =
                TensorComparison.of("a", new int[] {1}, new double[] {0.25}, small, ErrorMeasure.LARGEST);
        assertThat(near.error()).isEqualTo(0.25);
        assertThat(near.relativeError()).isEqualTo(0.5);
    }

    @Test
    void theErrorOf16BitArithmeticIsOfRootMeanSquares() {
        ErrorMeasure mean = ErrorMeasure.ROOT_MEAN_SQUARE;
        HostArray golden = HostArray.ofFloats(new float[] {0.3f, -0.4f}, 2);
        assertThat(TensorComparison.of("a", new int[] {2}, new double[] {0.3f, -0.3f}, golden, mean)
                        .error())
                .isCloseTo(0.2, within(1e-6));
        HostArray zeros = HostArray.ofFloats(new float[2], 2);
        assertThat(TensorComparison.of("a", new int[] {2}, new double[] {0.3, -0.4}, zeros, mean)
                        .error())
                .isCloseTo(0.5, within(1e-6));
        assertThat(ErrorMeasure.of(Precision.FLOAT32)).isSameAs(ErrorMeasure.LARGEST);
        assertThat(ErrorMeasure.of(Precision.FLOAT16)).isSameAs(mean);
    }

    @Test
    void inputsThatDoNotFitAreNamed() {
        SequenceClassifier model = model("s5_pixel_pool");
        Path wide = changed("s5_pixel_pool", Map.of("x", HostArray.ofFloats(new float[24], 2, 4, 3)));
        try (Checkpoint golden = Checkpoints.open(wide, null)) {
            assertThatThrownBy(() -> Verifier.verify(model, compute, golden))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("its inputs do not fit the model");
        }
        Path flat = changed("s5_pixel_pool", Map.of("x", HostArray.ofFloats(new float[24], 24)));
        try (Checkpoint golden = Checkpoints.open(flat, null)) {
            assertThatThrownBy(() -> Verifier.verify(model, compute, golden))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("x is FLOAT32 [24], expected real numbers (sequences, steps, channels)");
        }
        Path lengths = changed("s5_pixel_pool", Map.of("lengths", HostArray.ofFloats(new float[3], 3)));
        try (Checkpoint golden = Checkpoints.open(lengths, null)) {
            assertThatThrownBy(() -> Verifier.verify(model, compute, golden))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("expected one integer for each of 3 sequences");
        }
        try (Checkpoint golden = Fixtures.open("s5_pixel_pool", "scores.safetensors")) {
            assertThatThrownBy(() -> Verifier.verify(model, compute, golden))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("has no inputs to run the model on");
        }
    }
}
