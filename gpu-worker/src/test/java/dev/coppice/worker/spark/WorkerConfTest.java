package dev.coppice.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.job.ModelMemory;
import dev.coppice.worker.job.WorkerSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkerConfTest {

    static List<WorkerSettings> settings() {
        return List.of(
                new WorkerSettings("cpu", List.of(), 1, 2L << 30, false, MemoryShare.WHOLE),
                new WorkerSettings("cuda", List.of("0", "3"), 4, 512L << 20, true, new MemoryShare(40L << 30, 3)));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void whatTheExecutorsReadIsWhatTheDriverWrote(WorkerSettings settings) {
        Map<String, String> properties = WorkerConf.of(settings);

        assertThat(WorkerConf.read(properties::get)).isEqualTo(settings);
    }

    @Test
    void theLargestModelReachesThemToo() {
        ModelMemory largest = new ModelMemory("mamba2-2.7b", 5L << 30);

        assertThat(WorkerConf.largest(WorkerConf.of(largest)::get)).isEqualTo(largest);
        assertThat(WorkerConf.largest(key -> "")).isNull();
    }
}
