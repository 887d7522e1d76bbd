package dev.coppice.worker.model.language;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.Observer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every family against the reference implementations' outputs in float64; within 1e-4 as the fixtures' README asks. */
class LanguageModelGoldenTest {

    private static final double TOLERANCE = 1e-4;
    private static final int PREFIX = 21;

    private static void near(String what, float[] actual, float[] expected) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            double error = Math.abs((double) actual[i] - expected[i]);
            worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
        }
        assertThat(worst).as(what).isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("dev.coppice.worker.model.language.LanguageCase#names")
    void outputsStatesAndDecodingAreTheReferences(String name) {
        LanguageCase own = new LanguageCase(name);
        try (Compute compute = TestBackend.open(2);
                Scope scope = compute.scope()) {
            LoadedLanguageModel loaded = own.model().on(compute);
            Map<String, float[]> seen = new TreeMap<>();
            Observer observer = (what, lane, tensor) -> seen.put(what, lane.download(tensor));
            LoadedLanguageModel.Forward whole = loaded.forward(TokenBatch.of(own.tokens("input_ids", 0, 53)), observer);
            near(
                    "logits",
                    compute.download(loaded.logits(whole.hidden())),
                    own.golden("logits").toFloats());
            near(
                    "final_norm",
                    requireNonNull(seen.get("final_norm")),
                    own.golden("final_norm").toFloats());
            hiddenStates(seen, own.golden("hidden_states"));
            states("final_state", whole.state(), own, compute);

            LoadedLanguageModel.Forward prefix =
                    loaded.forward(TokenBatch.of(own.tokens("input_ids", 0, PREFIX)), Observer.NONE);
            states("prefix_state", prefix.state(), own, compute);
            decode(loaded, prefix.state(), own, compute);
            padded(loaded, own, compute);
        }
    }

    /** The same weights with time_step_limit = [0.03, 0.12]. */
    @Test
    void stepsAreKeptWithinTheirLimits(@TempDir Path folder) throws IOException {
        Path plain = LanguageCase.FIXTURES.resolve("mamba2-hf");
        Files.copy(plain.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        String config = Files.readString(plain.resolve("config.json"));
        String limited = config.replaceFirst("(?s)\"time_step_limit\": \\[.*?]", "\"time_step_limit\": [0.03, 0.12]");
        assertThat(limited).isNotEqualTo(config);
        Files.writeString(folder.resolve("config.json"), limited);
        LanguageCase own = new LanguageCase("mamba2-hf");
        try (Compute compute = TestBackend.open(1);
                Scope scope = compute.scope()) {
            LoadedLanguageModel loaded = ((LanguageModel) ModelFamilies.read(folder, null)).on(compute);
            Tensor hidden = loaded.hidden(TokenBatch.of(own.tokens("input_ids", 0, 53)), Observer.NONE);
            near(
                    "logits_dt_limit",
                    compute.download(loaded.logits(hidden)),
                    own.golden("logits_dt_limit").toFloats());
        }
    }

    private static void hiddenStates(Map<String, float[]> seen, HostArray expected) {
        int layers = expected.shape()[0];
        float[] all = expected.toFloats();
        int each = all.length / layers;
        for (int i = 0; i < layers; i++) {
            near(
                    "hidden_states " + i,
                    requireNonNull(seen.get("hidden_states." + i)),
                    Arrays.copyOfRange(all, i * each, (i + 1) * each));
        }
    }

    private static void states(String kind, LanguageState states, LanguageCase own, Compute compute) {
        int compared = 0;
        for (int i = 0; i < states.layers().size(); i++) {
            for (Map.Entry<String, Tensor> state : states.layers().get(i).entrySet()) {
                HostArray expected = own.find(kind + "." + i + "." + state.getKey());
                if (expected != null) {
                    float[] values = compute.download(state.getValue());
                    boolean cache = state.getKey().equals("k") || state.getKey().equals("v");
                    near(
                            kind + " " + i + " " + state.getKey(),
                            cache ? byHead(values, expected.shape()) : values,
                            expected.toFloats());
                    compared++;
                }
            }
        }
        assertThat(compared).isPositive();
    }

    /** Packed rows (B L, KV P) as (B, KV, L, P). */
    private static float[] byHead(float[] rows, int[] shape) {
        int heads = shape[1];
        int length = shape[2];
        int width = shape[3];
        float[] out = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int row = i / (heads * width);
            int head = i / width % heads;
            out[((row / length * heads + head) * length + row % length) * width + i % width] = rows[i];
        }
        return out;
    }

    /** One token at a time from the prefix's states. */
    private static void decode(LoadedLanguageModel loaded, LanguageState prefix, LanguageCase own, Compute compute) {
        float[] expected = own.golden("decode_logits").toFloats();
        int steps = 53 - PREFIX;
        int vocabulary = expected.length / (2 * steps);
        float[] logits = new float[expected.length];
        LanguageState state = prefix;
        for (int t = 0; t < steps; t++) {
            int[][] next = own.tokens("input_ids", PREFIX + t, PREFIX + t + 1);
            LoadedLanguageModel.Forward step = loaded.forward(
                    new TokenBatch(
                            new int[] {next[0][0], next[1][0]},
                            Segments.ofLengths(1, 1),
                            new TokenBatch.Continuation(state, new int[] {0, 1})),
                    Observer.NONE);
            float[] made = compute.download(loaded.logits(step.hidden()));
            System.arraycopy(made, 0, logits, t * vocabulary, vocabulary);
            System.arraycopy(made, vocabulary, logits, (steps + t) * vocabulary, vocabulary);
            state = step.state();
        }
        near("decode_logits", logits, expected);
    }

    /** The rows of a padded batch, without the padding, as packed sequences of one batch. */
    private static void padded(LoadedLanguageModel loaded, LanguageCase own, Compute compute) {
        int[][] rows = own.batch();
        float[] logits = compute.download(loaded.logits(loaded.hidden(TokenBatch.of(rows), Observer.NONE)));
        float[] expected = own.golden("batch_logits").toFloats();
        int vocabulary = expected.length / (4 * 45);
        int at = 0;
        for (int b = 0; b < rows.length; b++) {
            int count = rows[b].length * vocabulary;
            near(
                    "batch row " + b,
                    Arrays.copyOfRange(logits, at, at + count),
                    Arrays.copyOfRange(expected, b * 45 * vocabulary, b * 45 * vocabulary + count));
            at += count;
        }
    }
}
