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
import java.util.Random;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A thousand batches take the memory of one, in tensors and in the process. */
class FlatMemoryTest {

    private static final Path FIXTURES = Path.of("..", "gpu-worker", "src", "test", "resources", "fixtures");
    private static final int WARM = 1000; // until the compiler of Java's code has taken what it takes
    private static final int BATCHES = 1000;
    private static final long MOST_GROWTH = 32L << 20;

    private final Compute compute = new Nd4jBackend().open("cpu", 1, Precision.FLOAT32);

    @AfterEach
    void close() {
        compute.close();
    }

    /** Memory of the process, in which Java's heap takes the same all the time: see pom.xml. */
    private static long residentBytes() {
        System.gc();
        return Pointer.physicalBytes();
    }

    private void repeat(IntConsumer batch) {
        try (Scope scope = compute.scope()) {
            batch.accept(0);
        }
        long peak = compute.peakBytes();
        long warm = 0;
        for (int i = 1; i < WARM + BATCHES; i++) {
            try (Scope scope = compute.scope()) {
                batch.accept(i);
            }
            warm = i == WARM ? residentBytes() : warm;
        }
        assertThat(compute.peakBytes()).isEqualTo(peak);
        assertThat(residentBytes() - warm).isLessThan(MOST_GROWTH);
    }

    @Test
    void ofAClassifierSeed4() {
        Path folder = FIXTURES.resolve("lra/s5_bi_zoh_halfglu2");
        SequenceClassifier model = (SequenceClassifier) ModelFamilies.read(folder, "weights.safetensors");
        Random random = new Random(4);
        try (Scope scope = compute.scope()) {
            var loaded = model.on(compute);
            repeat(i -> {
                int[] tokens = random.ints(8 * 50, 0, 13).toArray();
                int[] lengths = random.ints(8, 1, 51).toArray();
                SequenceBatch batch = SequenceBatch.ofTokens(8, 50, tokens, lengths);
                assertThat(compute.download(loaded.logits(compute, batch, Observer.NONE)))
                        .hasSize(80);
            });
        }
    }

    @Test
    void ofALanguageModelSeed4() {
        LanguageModel model = (LanguageModel) ModelFamilies.read(FIXTURES.resolve("llm/mamba2-hf"), null);
        Random random = new Random(4);
        try (Scope scope = compute.scope()) {
            var loaded = model.on(compute);
            repeat(i -> {
                int[] first = random.ints(70, 0, model.vocabulary()).toArray();
                int[] second = random.ints(41, 0, model.vocabulary()).toArray();
                assertThat(compute.download(loaded.hidden(TokenBatch.of(first, second), Observer.NONE)))
                        .isNotEmpty();
            });
        }
    }
}
