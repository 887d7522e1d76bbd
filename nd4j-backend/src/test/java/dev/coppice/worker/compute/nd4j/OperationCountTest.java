package dev.coppice.worker.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.model.language.TokenBatch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ProfilingMode;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.profiler.OpProfiler;
import org.nd4j.linalg.profiler.ProfilerConfig;

/** How many operations of ND4J a layer takes for a batch, its norm, gate and projections included: few, whatever the batch and the steps. */
class OperationCountTest {

    private static final Path MODELS = Path.of("..", "data", "checkpoints");
    private static final Path FIXTURES = Path.of("..", "gpu-worker", "src", "test", "resources", "fixtures", "llm");
    private static final int SEED = 8;

    private final Compute compute = new Nd4jBackend().open("cpu", 2, Precision.FLOAT32);
    private final Random random = new Random(SEED);

    @BeforeEach
    void count() {
        Nd4j.getExecutioner().setProfilingConfig(ProfilerConfig.builder().build());
        profile(ProfilingMode.OPERATIONS);
    }

    @AfterEach
    void close() {
        profile(ProfilingMode.DISABLED);
        compute.close();
    }

    @SuppressWarnings("deprecation") // its successor, the config alone, counts nothing
    private static void profile(ProfilingMode mode) {
        Nd4j.getExecutioner().setProfilingMode(mode);
    }

    private long operations(Consumer<Compute> work) {
        try (Scope scope = compute.scope()) {
            long before = OpProfiler.getInstance().getInvocationsCount();
            work.accept(compute);
            return OpProfiler.getInstance().getInvocationsCount() - before;
        }
    }

    private SequenceBatch images(int count) {
        float[] values = new float[count * 784]; // (B, T, 1)
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        int[] lengths = new int[count];
        Arrays.fill(lengths, 784);
        return SequenceBatch.ofValues(count, 784, 1, values, lengths);
    }

    @ParameterizedTest(name = "seed 8: {0}, {1} layers")
    @CsvSource({"s5-smnist, 4, 48", "s4d-smnist, 4, 50"})
    void aClassifiersLayer(String name, int layers, int most) {
        SequenceClassifier model = (SequenceClassifier) ModelFamilies.read(MODELS.resolve(name), null);
        try (Scope scope = compute.scope()) {
            var loaded = model.on(compute);
            long two = operations(lane -> loaded.logits(lane, images(2), Observer.NONE));
            long nine = operations(lane -> loaded.logits(lane, images(9), Observer.NONE));
            assertThat(nine).isEqualTo(two).isLessThanOrEqualTo((long) most * layers);
        }
    }

    private TokenBatch tokens(int sequences, int length, int vocabulary) {
        return TokenBatch.of(IntStream.range(0, sequences)
                .mapToObj(s -> random.ints(length, 0, vocabulary).toArray())
                .toArray(int[][]::new));
    }

    /** Of a forward pass of random tokens, the head left out. */
    private long hidden(LanguageModel model, int sequences, int length) {
        try (Scope scope = compute.scope()) {
            var loaded = model.on(compute);
            TokenBatch batch = tokens(sequences, length, model.vocabulary());
            return operations(lane -> loaded.hidden(batch, Observer.NONE));
        }
    }

    @Test
    void aMamba2LayerSeed8() {
        LanguageModel model = (LanguageModel) ModelFamilies.read(MODELS.resolve("mamba2-tiny"), null);
        long one = hidden(model, 1, 256);
        long more = hidden(model, 4, 512);
        assertThat(more).isEqualTo(one).isLessThanOrEqualTo(90L * model.layers());
    }

    /** Mamba-1's scan takes as many operations for each 64 steps, of all sequences together. */
    @Test
    void aMamba1LayerSeed8() {
        LanguageModel model = (LanguageModel) ModelFamilies.read(FIXTURES.resolve("mamba1-hf"), null);
        long one = hidden(model, 4, 64);
        long two = hidden(model, 1, 128);
        long three = hidden(model, 3, 192);
        assertThat(one).isLessThanOrEqualTo(115L * model.layers());
        assertThat(three - two).isEqualTo(two - one).isLessThanOrEqualTo(60L * model.layers());
    }

    /** Attention of all sequences and heads, and Mamba-2 in the layers between. */
    @Test
    void aHybridSeed8() {
        LanguageModel model = (LanguageModel) ModelFamilies.read(FIXTURES.resolve("mamba-in-llama"), null);
        long one = hidden(model, 1, 128);
        long more = hidden(model, 4, 256);
        assertThat(more).isEqualTo(one).isLessThanOrEqualTo(90L * model.layers());
    }
}
