package dev.coppice.worker.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.language.LanguageCase;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.model.language.LoadedLanguageModel;
import dev.coppice.worker.model.language.TokenBatch;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The steps that the scan takes at once have no influence on what a model says, whatever its family. */
class ChunkSizeTest {

    private static final int[] CHUNKS = {1, 3, 8, 64, 100, SsdKernel.CHUNK, 256, 1000};
    private static final double TOLERANCE = 1e-5;

    /** Three sequences, the longest over two chunks, seed 5. */
    private static TokenBatch batch(LanguageModel model) {
        Random random = new Random(5);
        return TokenBatch.of(
                random.ints(300, 0, model.vocabulary()).toArray(),
                random.ints(129, 0, model.vocabulary()).toArray(),
                random.ints(2, 0, model.vocabulary()).toArray());
    }

    private static float[] logits(LanguageModel model, int chunk) {
        CpuBackend backend = new CpuBackend();
        try (Compute compute =
                        new CpuCompute(backend.devices().get(0), Precision.FLOAT32, 2, new MemoryMeter(), chunk);
                Scope scope = compute.scope()) {
            LoadedLanguageModel loaded = model.on(compute);
            return compute.download(loaded.logits(loaded.hidden(batch(model), Observer.NONE)));
        }
    }

    @ParameterizedTest(name = "{0}, seed 5")
    @MethodSource("dev.coppice.worker.model.language.LanguageCase#names")
    void anyChunkSizeGivesTheSameLogits(String name) {
        LanguageModel model = new LanguageCase(name).model();
        float[] expected = logits(model, 53);
        double largest = 1;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int chunk : CHUNKS) {
            float[] actual = logits(model, chunk);
            double error = 0;
            for (int i = 0; i < expected.length; i++) {
                error = Math.max(error, Math.abs((double) actual[i] - expected[i]));
            }
            assertThat(error / largest).as("chunks of %d", chunk).isLessThan(TOLERANCE);
        }
    }
}
