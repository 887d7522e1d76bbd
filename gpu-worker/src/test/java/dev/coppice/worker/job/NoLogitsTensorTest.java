package dev.coppice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.job.synthesis.Synthesis;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.task.language.Judgement;
import dev.coppice.worker.task.language.ScoringRequest;
import dev.coppice.worker.task.language.TokenDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every token of a long batch is scored against a large vocabulary in a fraction of the memory of its logits. */
class NoLogitsTensorTest {

    private static final int VOCABULARY = 50_000;
    private static final int LENGTH = 2048;
    private static final long LOGITS_BYTES = (long) LENGTH * VOCABULARY * Float.BYTES; // of one run, 410 MB

    private static long peakBytes(Path model, int sequences) {
        LanguageModel own = (LanguageModel) ModelFamilies.read(model, null);
        Random random = new Random(4);
        List<TokenDocument> documents = IntStream.range(0, sequences)
                .mapToObj(d -> new TokenDocument(
                        d,
                        List.of(new ScoringRequest(
                                random.ints(LENGTH, 0, VOCABULARY).toArray(),
                                random.ints(LENGTH, 0, VOCABULARY).toArray(),
                                0)),
                        new Judgement.Prose(0, 0)))
                .toList();
        try (Compute compute = TestBackend.open(2);
                Scope scope = compute.scope()) {
            LanguageScorer scorer = new LanguageScorer(own.on(compute), compute, Deadline.in(null), StateBytes.of(own));
            scorer.score(documents);
            assertThat(scorer.computedTokens()).isEqualTo((long) sequences * LENGTH);
            return compute.peakBytes();
        }
    }

    @Test
    void logitsAreNeverHeldAllAtOnceSeed4(@TempDir Path folder) throws IOException {
        Path config = Files.createDirectory(folder.resolve("config"));
        Files.writeString(config.resolve("config.json"), """
                {"d_model": 128, "n_layer": 1, "vocab_size": %d, "tie_embeddings": true, "pad_vocab_size_multiple": 8,
                 "ssm_cfg": {"layer": "Mamba2", "d_state": 16, "headdim": 16}}
                """.formatted(VOCABULARY));
        Path model = folder.resolve("model");
        Synthesis.write(config, model, DType.BFLOAT16, 4, Long.MAX_VALUE);

        long one = peakBytes(model, 1);

        assertThat(one).isLessThan(LOGITS_BYTES / 5);
        assertThat(peakBytes(model, 3)).as("of three sequences").isEqualTo(one);
    }
}
