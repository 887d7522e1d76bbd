package dev.coppice.worker.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.results.FailureKind;
import dev.coppice.results.JobSpec;
import dev.coppice.results.Metrics;
import dev.coppice.results.ResultRow;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.input.Input;
import dev.coppice.worker.model.BatchNormalised;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.Tasks;
import dev.coppice.worker.weights.Fingerprint;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs that measure batch norms again, on the shipped models. */
class BatchNormRenewalTest {

    private static final Path DATA = Path.of("..", "data");

    private static final BigDecimal HALF = new BigDecimal("0.5");

    private final JobRunner runner =
            new JobRunner(new WorkerSettings("cpu", List.of(), 2, 64 << 20, false, MemoryShare.WHOLE), Map.of());

    private ResultRow row(String model, Map<String, String> calibration, @Nullable Duration limit) {
        Path folder = DATA.resolve("checkpoints").resolve(model);
        JobSpec spec = new JobSpec(
                model,
                Fingerprint.of(folder, null),
                "smnist",
                "1",
                new TreeMap<>(Map.of("limit", "100")),
                "last",
                new TreeMap<>(),
                new TreeMap<>(calibration),
                HALF,
                null,
                "float32");
        return runner.run(
                        new JobTicket(
                                spec,
                                "renewal",
                                1,
                                folder.toString(),
                                null,
                                DATA.resolve("mnist").toString(),
                                null,
                                limit),
                        Assignment.NONE)
                .row();
    }

    /** The job's figures are those of the steps taken by hand: mask, compact, measure all examples as one batch, evaluate. */
    @ParameterizedTest
    @CsvSource({"50, 50", "100, 100", "1000, 100"})
    void jobsEvaluateTheModelWithTheStatisticsOfTheFirstExamples(String asked, int used) {
        ResultRow row = row("s5-smnist", Map.of(BatchNormRenewal.KEY, asked), null);

        Metrics expected;
        try (Stream<LabelledExample> stream = Tasks.classification(
                                "smnist", DATA.resolve("mnist").toString(), new TreeMap<>(Map.of("limit", "100")))
                        .examples();
                Compute compute = TestBackend.open(1)) {
            List<LabelledExample> examples = stream.toList();
            Model whole = ModelFamilies.read(DATA.resolve("checkpoints/s5-smnist"), null);
            SequenceClassifier pruned = (SequenceClassifier) Methods.of("last")
                    .rank(whole, PruningInputs.seed(0))
                    .mask(HALF, PruningInputs.seed(0))
                    .compact(whole);
            SequenceBatch batch = pruned.encode(examples.subList(0, used).stream()
                    .<Input>map(LabelledExample::input)
                    .toList());
            SequenceClassifier renewed = (SequenceClassifier)
                    ((BatchNormalised<?>) pruned).withStatisticsOf(List.of(batch), compute, () -> {});
            try (ClassifierEvaluation evaluation = new ClassifierEvaluation(renewed, compute, Deadline.in(null))) {
                expected = evaluation.run(examples).metrics();
            }
        }
        Metrics metrics = requireNonNull(row.metrics());
        assertThat(metrics.accuracy()).isEqualTo(expected.accuracy());
        assertThat(metrics.loss()).isCloseTo(requireNonNull(expected.loss()), within(1e-4));
    }

    @Test
    void theyAreOtherJobsThanThoseWithoutAndTheirRowsSaySo() {
        ResultRow without = row("s5-smnist", Map.of(), null);
        ResultRow with = row("s5-smnist", Map.of(BatchNormRenewal.KEY, "50"), null);

        assertThat(with.jobId()).isNotEqualTo(without.jobId());
        assertThat(requireNonNull(with.metrics()).loss())
                .isNotEqualTo(requireNonNull(without.metrics()).loss());
        assertThat(requireNonNull(with.achieved()).keptPerLayer())
                .isEqualTo(requireNonNull(without.achieved()).keptPerLayer());
        assertThat(requireNonNull(without.achieved()).flags()).startsWith("layer 3: 1 of 32 states unstable");
        assertThat(requireNonNull(with.achieved()).flags())
                .isEqualTo(requireNonNull(without.achieved()).flags()
                        + "; batch norms measured again on the first 50 examples");
    }

    @Test
    void modelsWithoutBatchNormsAreRefused() {
        ResultRow row = row("s4d-smnist", Map.of(BatchNormRenewal.KEY, "50"), null);

        assertThat(requireNonNull(row.failure()).kind()).isEqualTo(FailureKind.USER);
        assertThat(requireNonNull(row.failure()).message()).contains("no batch norms");
    }

    @Test
    void theJobsTimeLimitHolds() {
        ResultRow row = row("s5-smnist", Map.of(BatchNormRenewal.KEY, "100"), Duration.ofMillis(1));

        assertThat(requireNonNull(row.failure()).kind()).isEqualTo(FailureKind.TIMEOUT);
    }
}
