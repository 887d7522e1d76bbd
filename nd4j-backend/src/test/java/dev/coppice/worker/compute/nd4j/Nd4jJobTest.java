package dev.coppice.worker.compute.nd4j;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.results.Failure;
import dev.coppice.results.FailureKind;
import dev.coppice.results.JobSpec;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Status;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.job.Assignment;
import dev.coppice.worker.job.Backends;
import dev.coppice.worker.job.JobRunner;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.job.WorkerSettings;
import dev.coppice.worker.weights.Fingerprint;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole jobs on the backend, within its memory and beyond it. */
class Nd4jJobTest {

    private static final Path DATA = Path.of("..", "data");
    private static final Assignment NO_GPU = new Assignment("driver", null);

    private final JobRunner runner = new JobRunner(
            new WorkerSettings(Nd4jBackend.NAME, List.of(), 2, 64 << 20, false, MemoryShare.WHOLE), Map.of());

    @AfterEach
    void unbound() {
        System.clearProperty(Nd4jBackend.MAX_BYTES);
    }

    private static JobTicket ticket(String method, String ratio) {
        Path folder = DATA.resolve("checkpoints/s5-smnist");
        JobSpec spec = new JobSpec(
                "s5-smnist",
                Fingerprint.of(folder, null),
                "smnist",
                "1",
                new TreeMap<>(Map.of("limit", "50")),
                method,
                new TreeMap<>(),
                new TreeMap<>(),
                new BigDecimal(ratio),
                null,
                "float32");
        String data = DATA.resolve("mnist").toString();
        return new JobTicket(spec, "nd4j", 1, folder.toString(), null, data, null, null);
    }

    @Test
    void aJobIsThatOfTheProcessor() {
        ResultRow row = runner.run(ticket("global-hinf", "0.3"), NO_GPU).row();
        JobRunner processor =
                new JobRunner(new WorkerSettings("cpu", List.of(), 2, 64 << 20, false, MemoryShare.WHOLE), Map.of());
        ResultRow expected = processor.run(ticket("global-hinf", "0.3"), NO_GPU).row();

        assertThat(row.status()).as(row.toString()).isEqualTo(Status.DONE);
        assertThat(requireNonNull(row.metrics()).accuracy())
                .isEqualTo(requireNonNull(expected.metrics()).accuracy());
        assertThat(row.provenance().backend()).isEqualTo("nd4j");
        assertThat(row.cost().placement().device()).startsWith("nd4j:cpu ");
        assertThat(row.cost().peakHostBytes()).isPositive();
    }

    @Test
    void tooLittleMemoryIsAFailedRowAndTheNextJobRuns() {
        System.setProperty(Nd4jBackend.MAX_BYTES, "1m");
        Failure failure = requireNonNull(
                runner.run(ticket(JobSpec.DENSE, "0"), NO_GPU).row().failure());
        assertThat(failure.kind()).isEqualTo(FailureKind.RESOURCE);
        assertThat(failure.message()).contains("on the nd4j backend: this job may hold 1 MiB and holds 1 MiB");

        System.clearProperty(Nd4jBackend.MAX_BYTES);
        assertThat(runner.run(ticket(JobSpec.DENSE, "0"), NO_GPU).row().status())
                .isEqualTo(Status.DONE);
    }

    @Test
    void aBuildForTheProcessorHasOneDevice() {
        Nd4jBackend backend = new Nd4jBackend();
        assertThat(backend.usesGpus()).isFalse();
        assertThat(backend.devices()).extracting(Device::address).containsExactly("cpu");
        assertThat(runner.check(List.of(), null)).extracting(Device::backend).containsExactly("nd4j");
        assertThatThrownBy(() -> Backends.of(Nd4jBackend.NAME).open("0", 1, Precision.FLOAT32))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("none called \"0\"");
    }
}
