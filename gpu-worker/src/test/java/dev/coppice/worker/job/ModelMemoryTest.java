package dev.coppice.worker.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.results.JobSpec;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.MemoryShare;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A device that cannot even hold a sweep's largest model is refused before the first job. */
class ModelMemoryTest {

    private static final Path CHECKPOINTS = Path.of("..", "data", "checkpoints");

    private static JobTicket ticket(String model, String precision) {
        JobSpec spec = new JobSpec(
                model,
                "unread",
                "wikitext2",
                "1",
                new TreeMap<>(),
                JobSpec.DENSE,
                new TreeMap<>(),
                new TreeMap<>(),
                BigDecimal.ZERO,
                null,
                precision);
        return new JobTicket(spec, "memory", 1, CHECKPOINTS.resolve(model).toString(), null, "unread", null, null);
    }

    @Test
    void theLargestModelCountsInTheJobsArithmetic() {
        long parameters =
                ModelFamilies.read(CHECKPOINTS.resolve("mamba2-tiny"), null).parameters();
        List<JobTicket> jobs = List.of(
                ticket("s5-smnist", "bfloat16"),
                ticket("mamba2-tiny", "bfloat16"),
                ticket("mamba2-tiny", "bfloat16"),
                ticket("not-there", "bfloat16"));

        assertThat(ModelMemory.largest(jobs)).isEqualTo(new ModelMemory("mamba2-tiny", 2 * parameters));
        assertThat(ModelMemory.largest(List.of(ticket("not-there", "float32")))).isNull();
    }

    @Test
    void aJobsPartOfTheDeviceMustHoldIt() {
        Gpus gpus = new Gpus("0"); // of 1 GiB
        ModelMemory largest = new ModelMemory("mamba2-2.7b", 400L << 20);
        WorkerSettings two = new WorkerSettings("gpus", List.of(), 1, 1 << 20, false, new MemoryShare(null, 2));
        WorkerSettings three = two.withJobsOnADevice(3);

        assertThatCode(() -> new JobRunner(gpus, two, Map.of()).check(List.of(), largest))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new JobRunner(gpus, three, Map.of()).check(List.of(), largest))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the weights of mamba2-2.7b alone take 400 MiB, and a job may have 342 MiB of "
                        + "gpus:0 a processor, which 3 jobs share: run fewer of them");
    }

    @Test
    void theProcessorHasNoMemoryOfItsOwn() {
        Device cpu = new Device("cpu", "cpu", "a processor", null, null);
        ModelMemory largest = requireNonNull(ModelMemory.largest(List.of(ticket("mamba2-tiny", "float32"))));
        assertThatCode(() -> largest.requireFits(cpu, 8)).doesNotThrowAnyException();
    }
}
