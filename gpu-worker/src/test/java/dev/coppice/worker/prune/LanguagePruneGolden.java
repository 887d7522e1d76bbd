package dev.coppice.worker.prune;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.model.language.LoadedLanguageModel;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.weights.PackedTensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tukaani.xz.XZInputStream;

/** The recorded prunings of a small language model. */
public final class LanguagePruneGolden {

    /** The models that have any. */
    public static final List<String> MODELS = List.of("mamba2-original", "phi-mamba", "smol2-mamba", "mamba-in-llama");

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/llm");
    private static final double TOLERANCE = 1e-4;

    private final String name;
    private final AssembledModel model;
    private final Map<String, HostArray> tensors;
    private JsonNode facts = MissingNode.getInstance();

    private LanguagePruneGolden(String name) {
        this.name = name;
        model = (AssembledModel) ModelFamilies.read(FIXTURES.resolve(name), null);
        tensors = PackedTensors.read(FIXTURES.resolve(name).resolve("prune/prune.safetensors.xz"));
    }

    /** The recordings of one of {@link #MODELS}. */
    public static LanguagePruneGolden of(String name) {
        LanguagePruneGolden golden = new LanguagePruneGolden(name);
        try (InputStream in =
                new XZInputStream(Files.newInputStream(FIXTURES.resolve(name).resolve("prune/prune.json.xz")))) {
            golden.facts = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return golden;
    }

    /** The unpruned model. */
    public AssembledModel model() {
        return model;
    }

    /** A recorded tensor. */
    public HostArray tensor(String tensor) {
        return requireNonNull(tensors.get(tensor), name + " " + tensor);
    }

    /** Whether there is such a recording. */
    public boolean has(String tensor) {
        return tensors.containsKey(tensor);
    }

    /** The calibration sequences, (6)(32), in batches of two. */
    public Calibration calibration() {
        int[][] ids = rows(tensor("calib_input_ids"));
        return new Calibration(
                List.of(TokenBatch.of(ids[0], ids[1]), TokenBatch.of(ids[2], ids[3]), TokenBatch.of(ids[4], ids[5])));
    }

    private static int[][] rows(HostArray ids) {
        int[] all = ids.toInts();
        int length = ids.shape()[1];
        int[][] rows = new int[ids.shape()[0]][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(all, i * length, (i + 1) * length);
        }
        return rows;
    }

    /** The logits of a pruned model are the recorded ones of {@code pruning}. */
    public void requireLogits(Model pruned, String pruning) {
        float[] expected = tensor(pruning + ".logits").toFloats();
        float[] actual = logits((LanguageModel) pruned);
        assertThat(actual).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            double error = Math.abs((double) actual[i] - expected[i]);
            worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
        }
        assertThat(worst).as(name + " " + pruning).isLessThan(TOLERANCE);
    }

    /** A mask with zeros and one with smaller tensors give the same outputs: within 1e-5 of the largest, or of 1. */
    public void requireSameOutputs(Mask mask) {
        requireSameOutputs(model, mask, rows(tensor("eval_input_ids"))[0]);
    }

    /** As {@link #requireSameOutputs(Mask)}, for the logits of these tokens. */
    public static void requireSameOutputs(Model whole, Mask mask, int... ids) {
        float[] zeroed = logits((LanguageModel) mask.applyTo(whole), ids);
        float[] compacted = logits((LanguageModel) mask.compact(whole), ids);
        assertThat(compacted).hasSameSizeAs(zeroed);
        double largest = 1;
        double worst = 0;
        for (int i = 0; i < zeroed.length; i++) {
            largest = Math.max(largest, Math.abs(zeroed[i]));
            double error = Math.abs((double) compacted[i] - zeroed[i]);
            worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
        }
        assertThat(worst / largest).isLessThan(1e-5);
    }

    /** The tensors of a pruned model have the recorded shapes, as far as they are recorded. */
    public void requireShapes(AssembledModel pruned, String pruning) {
        JsonNode shapes = facts.path("cases").path(pruning).path("shapes");
        assertThat(shapes).as(pruning).isNotEmpty();
        shapes.fieldNames().forEachRemaining(tensor -> {
            List<Integer> expected = new ArrayList<>();
            shapes.path(tensor).forEach(length -> expected.add(length.asInt()));
            assertThat(Arrays.stream(pruned.checkpoint().read(tensor).shape()).boxed())
                    .as(tensor)
                    .containsExactlyElementsOf(expected);
        });
    }

    /** What is recorded of a pruning beside its tensors. */
    public JsonNode facts(String pruning) {
        return facts.path("cases").path(pruning);
    }

    /** Logits of eval_input_ids, (32, V). */
    public float[] logits(LanguageModel pruned) {
        return logits(pruned, rows(tensor("eval_input_ids"))[0]);
    }

    private static float[] logits(LanguageModel pruned, int[] ids) {
        try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 1, Precision.FLOAT32);
                Scope scope = compute.scope()) {
            LoadedLanguageModel loaded = pruned.on(compute);
            return compute.download(loaded.logits(loaded.hidden(TokenBatch.of(ids), Observer.NONE)));
        }
    }
}
