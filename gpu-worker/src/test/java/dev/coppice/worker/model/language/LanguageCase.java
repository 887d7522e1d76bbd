package dev.coppice.worker.model.language;

import static java.util.Objects.requireNonNull;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.weights.PackedTensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A tiny model of a family with the outputs that its reference implementation gave in float64. */
public final class LanguageCase {

    /** Where the cases lie. */
    public static final Path FIXTURES = Path.of("src/test/resources/fixtures/llm");

    private final Path folder;
    private final Map<String, HostArray> golden;

    /** The case of this name. */
    public LanguageCase(String name) {
        folder = FIXTURES.resolve(name);
        golden = PackedTensors.read(folder.resolve("golden.safetensors.xz"));
    }

    /** Names of all cases. */
    public static Stream<String> names() {
        return Stream.of(
                "mamba2-original",
                "mamba2-hf",
                "mamba1-hf",
                "mamba1-original",
                "phi-mamba",
                "smol2-mamba",
                "mamba-in-llama",
                "llamba");
    }

    /** The model. */
    public LanguageModel model() {
        return (LanguageModel) ModelFamilies.read(folder, null);
    }

    /** A recorded tensor; null when the case has none of this name. */
    public @Nullable HostArray find(String name) {
        return golden.get(name);
    }

    /** A recorded tensor. */
    public HostArray golden(String name) {
        return requireNonNull(golden.get(name), name);
    }

    /** Columns {@code from} to {@code to} of recorded token ids, (B, to - from). */
    public int[][] tokens(String name, int from, int to) {
        HostArray ids = golden(name);
        int length = ids.shape()[1];
        int[] all = ids.toInts();
        int[][] rows = new int[ids.shape()[0]][];
        for (int b = 0; b < rows.length; b++) {
            rows[b] = Arrays.copyOfRange(all, b * length + from, b * length + to);
        }
        return rows;
    }

    /** The recorded sequences of several lengths, (B), each (length). */
    public int[][] batch() {
        int[] lengths = golden("batch_lengths").toInts();
        int[][] rows = tokens("batch_input_ids", 0, golden("batch_input_ids").shape()[1]);
        for (int b = 0; b < rows.length; b++) {
            rows[b] = Arrays.copyOf(rows[b], lengths[b]);
        }
        return rows;
    }
}
