package dev.coppice.worker.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.results.Failure;
import dev.coppice.results.FailureKind;
import dev.coppice.results.JobSpec;
import dev.coppice.results.Placement;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Status;
import dev.coppice.worker.compute.ComputeMemoryException;
import dev.coppice.worker.compute.DeviceLostException;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.weights.Fingerprint;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is the job's fault becomes a row, what is the device's does not. */
class FailingDeviceTest {

    private static final Path DATA = Path.of("..", "data");

    private final Gpus gpus = new Gpus("0", "1");
    private final JobRunner runner =
            new JobRunner(gpus, new WorkerSettings("gpus", List.of(), 1, 64 << 20, false, MemoryShare.WHOLE), Map.of());

    private static JobTicket ticket() {
        Path folder = DATA.resolve("checkpoints/s5-smnist");
        JobSpec spec = new JobSpec(
                "s5-smnist",
                Fingerprint.of(folder, null),
                "smnist",
                "1",
                new TreeMap<>(Map.of("limit", "2")),
                JobSpec.DENSE,
                new TreeMap<>(),
                new TreeMap<>(),
                BigDecimal.ZERO,
                null,
                "float32");
        String data = DATA.resolve("mnist").toString();
        return new JobTicket(spec, "failing", 1, folder.toString(), null, data, null, null);
    }

    @Test
    void outOfMemoryIsAFailedRowAndTheNextJobRuns() {
        gpus.failOnce(new ComputeMemoryException("no room for a tensor of 5 GiB on device 0"));

        Failure failure = requireNonNull(
                runner.run(ticket(), new Assignment("3", "1")).row().failure());
        assertThat(failure.kind()).isEqualTo(FailureKind.RESOURCE);
        assertThat(failure.message()).contains("5 GiB");

        ResultRow next = runner.run(ticket(), new Assignment("3", "0")).row();
        assertThat(next.status()).isEqualTo(Status.DONE);
        assertThat(next.cost().placement()).isEqualTo(new Placement("gpus:0 a processor", 1L << 30, "3", "0", false));
        assertThat(next.provenance().driver()).isEqualTo("1.0");
    }

    @Test
    void aBrokenDeviceIsNoRowOfTheJob() {
        gpus.failOnce(new DeviceLostException("device 0 is broken: illegal address"));

        assertThatThrownBy(() -> runner.run(ticket(), new Assignment("3", "0")))
                .isInstanceOf(DeviceLostException.class);
        ResultRow lost = runner.lost(
                ticket(), new Assignment("4", "1"), new DeviceLostException("device 1 is broken: illegal address"));
        assertThat(requireNonNull(lost.failure()).kind()).isEqualTo(FailureKind.LOST);
        assertThat(lost.failure().message()).contains("device 1 is broken");
        assertThat(lost.cost().placement().device()).isEqualTo("gpus:1 a processor");
    }
}
