package dev.coppice.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.Gpus;
import dev.coppice.worker.job.WorkerSettings;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuDemandTest {

    private static void check(Backend backend, List<String> devices, boolean local, String executor, String task) {
        SparkConf conf = new SparkConf(false);
        if (!executor.isEmpty()) {
            conf.set("spark.executor.resource.gpu.amount", executor);
        }
        if (!task.isEmpty()) {
            conf.set("spark.task.resource.gpu.amount", task);
        }
        WorkerSettings settings = new WorkerSettings(backend.name(), devices, 1, 1 << 20, false, MemoryShare.WHOLE);
        GpuDemand.of(conf).check(backend, settings, local);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4, 1", "1, 0.25", "2, 0.5"})
    void wholeSeveralAndPartsOfGpusCanBeAskedFor(String executor, String task) {
        assertThatCode(() -> check(new Gpus("0"), List.of(), false, executor, task))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "0.5, 2", "0.25, 4", "0.3, 3", "0.0625, 16"})
    void aGpuHasAsManyJobsAsParts(String task, int jobs) {
        SparkConf conf = new SparkConf(false).set("spark.task.resource.gpu.amount", task);
        assertThat(GpuDemand.of(conf).jobsOnADevice()).isEqualTo(jobs);
        assertThat(GpuDemand.of(new SparkConf(false)).jobsOnADevice()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "1, ''", "'', 1", "0, 1", "1, 0"})
    void aBackendOfGpusNeedsSome(String executor, String task) {
        assertThatThrownBy(() -> check(new Gpus("0"), List.of(), false, executor, task))
                .isInstanceOf(UnfitException.class)
                .hasMessageStartingWith("the gpus backend needs GPUs, and the sweep asks Spark for none: set "
                        + "spark.executor.resource.gpu.amount");
    }

    @Test
    void aJobCannotUseTwo() {
        assertThatThrownBy(() -> check(new Gpus("0"), List.of(), false, "4", "2"))
                .hasMessageContaining("a job runs on one GPU");
    }

    @Test
    void whoAssignsTheDevicesIsClear() {
        assertThatThrownBy(() -> check(new Gpus("0"), List.of("0", "1"), false, "1", "1"))
                .hasMessageStartingWith("worker.device names 0, 1, but on a cluster Spark assigns the GPUs");
        assertThatThrownBy(() -> check(new Gpus("0"), List.of("0"), true, "1", "1"))
                .hasMessageStartingWith("local Spark schedules no GPUs");
        assertThatCode(() -> check(new Gpus("0"), List.of("0"), true, "", "")).doesNotThrowAnyException();
    }

    @Test
    void theProcessorNeedsNone() {
        assertThatCode(() -> check(new CpuBackend(), List.of(), false, "", "")).doesNotThrowAnyException();
    }

    @Test
    void anAmountIsANumber() {
        assertThatThrownBy(() -> check(new Gpus("0"), List.of(), false, "one", "1"))
                .hasMessage("spark.executor.resource.gpu.amount is \"one\", expected a number of GPUs");
    }
}
