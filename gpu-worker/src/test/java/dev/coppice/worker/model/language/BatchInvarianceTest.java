package dev.coppice.worker.model.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.model.Observer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a model says of a sequence depends neither on its neighbours in the batch, nor on padding after it, nor on how it is fed. */
class BatchInvarianceTest {

    private static final String NAMES = "dev.coppice.worker.model.language.LanguageCase#names";
    private static final double TOLERANCE = 1e-5;

    private final Compute compute = TestBackend.open(2);

    @AfterEach
    void close() {
        compute.close();
    }

    private float[] logits(LoadedLanguageModel loaded, int[]... sequences) {
        try (Scope scope = compute.scope()) {
            return compute.download(loaded.logits(loaded.hidden(TokenBatch.of(sequences), Observer.NONE)));
        }
    }

    private static void near(String what, float[] actual, int from, float[] expected) {
        double largest = 1;
        double error = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            double own = Math.abs((double) actual[from + i] - expected[i]);
            error = Double.isNaN(own) ? Double.POSITIVE_INFINITY : Math.max(error, own);
        }
        assertThat(error / largest).as(what).isLessThan(TOLERANCE);
    }

    /** The case's sequences of 45, 30, 9 and 1 tokens, and one of 300, seed 6. */
    private static List<int[]> sequences(LanguageCase own, LanguageModel model) {
        List<int[]> sequences = new ArrayList<>(List.of(own.batch()));
        sequences.add(new Random(6).ints(300, 0, model.vocabulary()).toArray());
        return sequences;
    }

    @ParameterizedTest(name = "{0}, seed 6")
    @MethodSource(NAMES)
    void anyBatchSizeGivesTheSame(String name) {
        LanguageCase own = new LanguageCase(name);
        LanguageModel model = own.model();
        List<int[]> sequences = sequences(own, model);
        try (Scope scope = compute.scope()) {
            LoadedLanguageModel loaded = model.on(compute);
            List<float[]> alone =
                    sequences.stream().map(sequence -> logits(loaded, sequence)).toList();
            for (int size : new int[] {2, 5, 17}) {
                int[][] batch = new int[size][];
                for (int s = 0; s < size; s++) {
                    batch[s] = sequences.get((s * 3 + 1) % sequences.size());
                }
                float[] together = logits(loaded, batch);
                int at = 0;
                for (int s = 0; s < size; s++) {
                    float[] expected = alone.get((s * 3 + 1) % sequences.size());
                    near("sequence " + s + " of " + size, together, at, expected);
                    at += expected.length;
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void paddingOnTheRightChangesNoValidPosition(String name) {
        LanguageCase own = new LanguageCase(name);
        LanguageModel model = own.model();
        int[][] padded = own.tokens("batch_input_ids", 0, 45);
        try (Scope scope = compute.scope()) {
            LoadedLanguageModel loaded = model.on(compute);
            float[] together = logits(loaded, padded);
            int[][] valid = own.batch();
            for (int s = 0; s < valid.length; s++) {
                near("sequence " + s, together, s * 45 * model.vocabulary(), logits(loaded, valid[s]));
            }
        }
    }

    /** Pieces that go on from the states, or key-value caches, of those before them. */
    @ParameterizedTest(name = "{0}, seed 6")
    @MethodSource(NAMES)
    void sequencesMayBeFedInPieces(String name) {
        LanguageModel model = new LanguageCase(name).model();
        Random random = new Random(6);
        int[] first = random.ints(150, 0, model.vocabulary()).toArray();
        int[] second = random.ints(150, 0, model.vocabulary()).toArray();
        try (Scope scope = compute.scope()) {
            LoadedLanguageModel loaded = model.on(compute);
            float[][] alone = {logits(loaded, first), logits(loaded, second)};
            for (int piece : new int[] {1, 2, 7, 64}) {
                inPieces(loaded, new int[][] {first, second}, piece, alone, model.vocabulary());
            }
        }
    }

    private void inPieces(LoadedLanguageModel loaded, int[][] sequences, int piece, float[][] alone, int vocabulary) {
        try (Scope scope = compute.scope()) {
            LanguageState state = null;
            int length = sequences[0].length;
            for (int from = 0; from < length; from += piece) {
                int to = Math.min(length, from + piece);
                TokenBatch fresh = TokenBatch.of(
                        Arrays.copyOfRange(sequences[0], from, to), Arrays.copyOfRange(sequences[1], from, to));
                LoadedLanguageModel.Forward forward = loaded.forward(
                        state == null
                                ? fresh
                                : new TokenBatch(
                                        fresh.ids(),
                                        Segments.ofLengths(to - from, to - from),
                                        new TokenBatch.Continuation(state, new int[] {0, 1})),
                        Observer.NONE);
                state = forward.state();
                float[] logits = compute.download(loaded.logits(forward.hidden()));
                for (int s = 0; s < 2; s++) {
                    near(
                            "pieces of " + piece + ", sequence " + s + " from " + from,
                            logits,
                            s * (to - from) * vocabulary,
                            Arrays.copyOfRange(alone[s], from * vocabulary, to * vocabulary));
                }
            }
        }
    }
}
