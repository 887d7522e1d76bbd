package dev.coppice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.results.Achieved;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.prune.Calibration;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rows say of pruned models, counted by hand. */
class AchievedTest {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/llm");
    private static final Path TRAINED = Path.of("..", "data", "checkpoints");

    /**
     * A row of in_proj with its channel of the convolution has 32 + 4 + 1 numbers in all four language models, and out_proj 32 a column.
     *
     * <ul>
     *   <li>mamba2-original, 3 layers of 8 heads of 8 channels, 16 states: a mixer of 7992 = 168 32 + 96 5 + 3 8 + 64 + 64 32, a model of 30248, a state of
     *       64 16 + 96 4. A state is 2 37 numbers; a channel 37 (x), 32 (z), 1 (norm) and 32 (out_proj); a head 8 channels, 32 (dt) and 3 (A, D, dt's bias),
     *       and each layer gets out_proj's bias, 32.
     *   <li>phi-mamba, 3 layers of 4 heads of 8 channels with 12 states of their own: 6948 of 53956, a state of 32 12 + 128 4. A group of B and C is
     *       24 37 numbers; a head also 8 (37 + 32 + 1 + 32), 32 (a) and 1 (D).
     *   <li>mamba-in-llama, mixers in 2 of 4 layers, 4 heads of 8 channels on 2 groups of x and B, 8 states: 4588 of 37144, a state of 32 8 + 64 4. A state of
     *       a group is 3 37 numbers, as two heads read it; a channel of a group 37 (x), and 32 (z), 1 (norm) and 32 (out_proj) twice.
     *   <li>mamba1-original, 3 layers of 64 channels with 8 states: 8384 of 28608, a state of 64 8 + 64 4. A state is 2 64 numbers of x_proj and 64 of A.
     * </ul>
     *
     * Weights that are pruned stay as zeros: {@code gone} counts them, the parameters don't.
     *
     * @param mixer numbers in all mixers before
     * @param model numbers in the model before
     * @param gone numbers of the mixers that are gone or zero
     * @param zeros those that are still there
     * @param others numbers outside the mixers that are gone or zero
     */
    @ParameterizedTest
    @CsvSource({
        "mamba2-original, dstate-magnitude, 0.5, 0.5, 8 8 8, 23976, 30248, 1776, 0, 0, 2496",
        "mamba2-original, dstate-mean, 0.7, 0.6875, 5 5 5, 23976, 30248, 2442, 0, 0, 1848",
        "mamba2-original, ghost, 0.5, 0.5, 8 8 8, 23976, 30248, 1776, 0, 0, 2496",
        "mamba2-original, headdim-magnitude, 0.5, 0.5, 32 32 32, 23976, 30248, 9792, 0, 0, 2304",
        "mamba2-original, flap, 0.5, 0.5, , 23976, 30248, 10116, 0, 0, 2304",
        "mamba2-original, shedder, 0.5, 0.333333, , 23976, 30248, 7992, 0, 32, 2816",
        "mamba2-original, wanda, 0.5, 0.5, 3712 3712 3712, 23976, 30248, 11136, 11136, 0, 4224",
        "mamba2-original, wanda targets=mixer-in, 0.25, 0.25, 4032 4032 4032, 23976, 30248, 4032, 4032, 0, 4224",
        "mamba2-original, sparsegpt pattern=2:4, 0.5, 0.5, 3712 3712 3712, 23976, 30248, 11136, 11136, 0, 4224",
        "phi-mamba, merge-mean, 0.5, 0.5, 2 2 2, 20844, 53956, 5328, 0, 0, 2112",
        "phi-mamba, merge-kmeans, 0.3, 0.5, 2 2 2, 20844, 53956, 5328, 0, 0, 2112",
        "phi-mamba, flap, 0.5, 0.5, , 20844, 53956, 10326, 0, 0, 1344",
        "phi-mamba, shedder unit=mixer, 0.5, 0.333333, , 20844, 53956, 6948, 0, 0, 1792",
        "phi-mamba, weight-magnitude targets=all, 0.5, 0.5, 7232 7232 7232, 20844, 53956, 9408, 9408, 12288, 2688",
        "mamba-in-llama, dstate-magnitude, 0.5, 0.5, 8 0 8 0, 9176, 37144, 1776, 0, 0, 576",
        "mamba-in-llama, headdim-magnitude, 0.5, 0.5, 8 0 8 0, 9176, 37144, 2672, 0, 0, 704",
        "mamba1-original, dstate-magnitude, 0.5, 0.5, 4 4 4, 25152, 28608, 2304, 0, 0, 1536",
    })
    void ofLanguageModels(
            String fixture,
            String method,
            BigDecimal ratio,
            double achieved,
            String kept,
            long mixer,
            long model,
            long gone,
            long zeros,
            long others,
            long state) {
        Model whole = ModelFamilies.read(FIXTURES.resolve(fixture), null);
        assertThat(List.of(whole.mixerParameters(), whole.parameters())).containsExactly(mixer, model);

        Achieved row = row(whole, method, ratio);

        if (kept != null) { // else the layers share it as the scores have it
            assertThat(row.keptPerLayer().stream().map(String::valueOf).collect(Collectors.joining(" ")))
                    .isEqualTo(kept);
        }
        assertThat(row.ratio()).isEqualTo(achieved, within(1e-6));
        assertThat(row.mixerSparsity()).isEqualTo(gone / (double) mixer);
        assertThat(row.modelSparsity()).isEqualTo((gone + others) / (double) model);
        assertThat(row.parameters()).isEqualTo(model - gone - others + zeros + (zeros == 0 ? 0 : others));
        assertThat(row.stateSize()).isEqualTo(state);
        assertThat(row.stateBytes()).isEqualTo(4 * state);
    }

    /**
     * s5-smnist: 4 layers of 32 complex states and 64 channels: a state is 2 (Lambda), 2 64 (B), 2 64 (C) and 1 (its step) of the mixer's 32 259 + 64 (D).
     * s4d-smnist: 4 layers of 64 channels of 32 complex states: a state is 2 (Lambda) and 2 (C), B is one, of the mixer's 64 (32 4 + 2) (D and the step).
     */
    @ParameterizedTest
    @CsvSource({
        "s5-smnist, uniform-hinf, 0.3, 22 22 22 22, 33408, 10360, 176",
        "s5-smnist, weight-magnitude, 0.25, 6144 6144 6144 6144, 33408, 8192, 256",
        "s4d-smnist, uniform-magnitude, 0.5, 1024 1024 1024 1024, 33280, 16384, 8192",
    })
    void ofClassifiers(
            String checkpoint, String method, BigDecimal ratio, String kept, long mixer, long gone, long state) {
        Model whole = ModelFamilies.read(TRAINED.resolve(checkpoint), null);
        assertThat(whole.mixerParameters()).isEqualTo(mixer);

        Achieved row = row(whole, method, ratio);

        assertThat(row.keptPerLayer().stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .isEqualTo(kept);
        assertThat(row.mixerSparsity()).isEqualTo(gone / (double) mixer);
        assertThat(row.modelSparsity()).isEqualTo(gone / (double) whole.parameters());
        assertThat(row.parameters()).isEqualTo(whole.parameters() - (method.startsWith("weight") ? 0 : gone));
        assertThat(row.stateSize()).isEqualTo(state);
    }

    /** {@code method}: a name, and parameters behind it. */
    private static Achieved row(Model whole, String method, BigDecimal ratio) {
        String[] words = method.split(" ", -1);
        TreeMap<String, String> params = new TreeMap<>();
        Arrays.stream(words).skip(1).forEach(word -> params.put(word.split("=")[0], word.split("=")[1]));
        Calibration calibration = new Calibration(
                List.of(TokenBatch.of(new int[] {5, 90, 2, 41, 7, 60, 33, 8}, new int[] {17, 4, 4, 88, 23})));
        try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 1, Precision.FLOAT32)) {
            PruningInputs inputs = PruningInputs.on(compute, calibration, 0, () -> {});
            Mask mask = Methods.of(words[0], params).rank(whole, inputs).mask(ratio, inputs);
            return JobPruning.achieved(whole, mask.compact(whole), mask, null);
        }
    }
}
