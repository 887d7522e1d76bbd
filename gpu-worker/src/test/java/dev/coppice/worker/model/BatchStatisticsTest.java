package dev.coppice.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.model.layer.ChannelStatistics;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.Fixtures;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statistics measured again, against the references' training mode, which normalises a batch by its own. */
class BatchStatisticsTest {

    private static final Runnable NO_CHECK = () -> {};

    private final Compute compute = TestBackend.open(2);

    @AfterEach
    void close() {
        compute.close();
    }

    /** A batch cut into its sequences. */
    private static List<SequenceBatch> sequences(SequenceBatch batch) {
        int steps = batch.steps();
        int[] tokens = batch.tokens();
        float[] values = batch.values();
        return IntStream.range(0, batch.sequences())
                .mapToObj(b -> {
                    int[] length = {batch.lengths()[b]};
                    int row = steps * batch.channels();
                    return tokens != null
                            ? SequenceBatch.ofTokens(
                                    1, steps, Arrays.copyOfRange(tokens, b * steps, (b + 1) * steps), length)
                            : SequenceBatch.ofValues(
                                    1,
                                    steps,
                                    batch.channels(),
                                    Arrays.copyOfRange(values, b * row, (b + 1) * row),
                                    length);
                })
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"s5_bi_zoh_halfglu2, train_log_probs, log_probs", "s4d_full_bi_zoh, train_logits, logits"})
    void outputsAreThoseOfTrainingModeOnTheSameBatch(String name, String tensor, String kind) {
        try (ClassifierCase golden = new ClassifierCase(name);
                Checkpoint training = Fixtures.open(name, "grads.safetensors")) {
            SequenceBatch batch = golden.batch();
            Model renewed =
                    ((BatchNormalised<?>) golden.classifier()).withStatisticsOf(sequences(batch), compute, NO_CHECK);

            float[] expected = training.read(tensor).toFloats();
            assertThat(ClassifierCase.output(compute, renewed, batch, kind, Observer.NONE))
                    .containsExactly(expected, Offset.offset(1e-4f));
            assertThat(golden.golden(kind)).isNotEqualTo(expected);
        }
    }

    /** The reference's running statistics after a step: 0.95 of the old ones and 0.05 of the batch's. */
    @Test
    void statisticsAreThoseThatTheReferenceMixesIn() {
        String name = "s5_bi_zoh_halfglu2";
        try (ClassifierCase golden = new ClassifierCase(name);
                Checkpoint weights = Fixtures.open(name, "weights.safetensors");
                Checkpoint training = Fixtures.open(name, "grads.safetensors")) {
            ChannelStatistics first = ChannelStatistics.of(
                    golden.classifier(), sequences(golden.batch()), "layer0.norm_in", compute, NO_CHECK);

            String stored = "batch_stats/encoder/layers_0/norm/";
            assertMixed(weights, training, stored + "mean", first.mean());
            assertMixed(weights, training, stored + "var", first.variance());
        }
    }

    private static void assertMixed(Checkpoint weights, Checkpoint training, String name, float[] measured) {
        float[] old = weights.read(name).toFloats();
        float[] mixed = training.read("new_" + name).toFloats();
        assertThat(measured).hasSameSizeAs(mixed);
        for (int h = 0; h < mixed.length; h++) {
            assertThat(0.95f * old[h] + 0.05f * measured[h]).isCloseTo(mixed[h], Offset.offset(1e-6f));
        }
    }

    /** Prenorm and postnorm of both families: pruning shifts what the norms see, and measuring twice is measuring once. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "s5_bi_zoh_halfglu2",
                "s5_bi_bilinear_fullglu_postnorm",
                "s4d_full_bi_zoh",
                "s4d_full_uni_bilinear"
            })
    void prunedModelsGetTheirOwnStatistics(String name) {
        try (ClassifierCase golden = new ClassifierCase(name)) {
            List<SequenceBatch> batches = sequences(golden.batch());
            Model pruned = golden.prunable().compacted(golden.mask("global", "last", 50));
            SequenceClassifier renewed =
                    (SequenceClassifier) ((BatchNormalised<?>) pruned).withStatisticsOf(batches, compute, NO_CHECK);
            Model again = ((BatchNormalised<?>) renewed).withStatisticsOf(batches, compute, NO_CHECK);

            ChannelStatistics before =
                    ChannelStatistics.of((SequenceClassifier) pruned, batches, "layer1.norm_out", compute, NO_CHECK);
            ChannelStatistics after = ChannelStatistics.of(renewed, batches, "layer1.norm_out", compute, NO_CHECK);
            assertThat(after.variance()).isNotEqualTo(before.variance());
            SequenceBatch batch = golden.batch();
            assertThat(ClassifierCase.output(compute, again, batch, "logits", Observer.NONE))
                    .isEqualTo(ClassifierCase.output(compute, renewed, batch, "logits", Observer.NONE));
        }
    }

    @Test
    void threadsChangeNothing() {
        try (ClassifierCase golden = new ClassifierCase("s5_bi_zoh_halfglu2");
                Compute one = TestBackend.open(1)) {
            BatchNormalised<?> model = (BatchNormalised<?>) golden.classifier();
            SequenceBatch batch = golden.batch();
            assertThat(ClassifierCase.output(
                            one,
                            model.withStatisticsOf(sequences(batch), one, NO_CHECK),
                            batch,
                            "logits",
                            Observer.NONE))
                    .isEqualTo(ClassifierCase.output(
                            one,
                            model.withStatisticsOf(sequences(batch), compute, NO_CHECK),
                            batch,
                            "logits",
                            Observer.NONE));
        }
    }

    @Test
    void modelsOfLayerNormsStayAsTheyAre() {
        try (ClassifierCase golden = new ClassifierCase("s5_bi_bilinear_fullglu_layernorm")) {
            BatchNormalised<?> model = (BatchNormalised<?>) golden.classifier();
            assertThat(model.hasBatchNorm()).isFalse();
            Model same = model.withStatisticsOf(sequences(golden.batch()), compute, NO_CHECK);
            assertThat(ClassifierCase.output(compute, same, golden.batch(), "log_probs", Observer.NONE))
                    .containsExactly(golden.golden("log_probs"), Offset.offset(1e-4f));
        }
    }

    @Test
    void refusesNoBatchesAndActivationsThatOverflow() {
        try (ClassifierCase golden = new ClassifierCase("s5_pixel_pool")) {
            BatchNormalised<?> model = (BatchNormalised<?>) golden.classifier();
            assertThat(model.hasBatchNorm()).isTrue();
            assertThatThrownBy(() -> model.withStatisticsOf(List.of(), compute, NO_CHECK))
                    .hasMessage("statistics need at least one batch");
            SequenceBatch batch = golden.batch();
            float[] huge = new float[batch.steps() * batch.channels()];
            Arrays.fill(huge, Float.MAX_VALUE);
            SequenceBatch overflowing =
                    SequenceBatch.ofValues(1, batch.steps(), batch.channels(), huge, new int[] {batch.steps()});
            assertThatThrownBy(() -> model.withStatisticsOf(List.of(overflowing), compute, NO_CHECK))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageStartingWith("layer0.norm_in, channel ");
        }
    }
}
