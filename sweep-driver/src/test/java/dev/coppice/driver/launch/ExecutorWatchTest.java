package dev.coppice.driver.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.spark.ExecutorReport;
import dev.coppice.worker.spark.ExecutorReport.State;
import dev.coppice.worker.spark.TaskReport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExecutorWatchTest {

    private final List<String> notices = new ArrayList<>();
    private final StopSwitch stop = new StopSwitch();
    private final ExecutorWatch watch = new ExecutorWatch(stop, new SweepObserver() {
        @Override
        public void started(JobTicket job) {}

        @Override
        public void notice(String message) {
            notices.add(message);
        }

        @Override
        public void ended(JobTicket job, TaskReport report) {}
    });

    private void heard(String executor, State state, String message) {
        watch.heard(new ExecutorReport(executor, "host", state, message));
    }

    @Test
    void anUnfitExecutorEndsASweepThatHasNotBegun() {
        heard("0", State.READY, "cpu");
        heard("1", State.UNFIT, "no device here");

        assertThat(stop.trouble()).isEqualTo("executor 1 on host cannot work: no device here");
        assertThat(notices).isEmpty();
    }

    @Test
    void aSweepGoesOnWithoutAnUnfitReplacement() {
        heard("0", State.READY, "cpu");
        watch.jobEnded();
        heard("1", State.UNFIT, "no device here");
        heard("2", State.UNFIT, "no device here");

        assertThat(stop.isStopped()).isFalse();
        assertThat(notices)
                .containsExactly("executor 1 on host cannot work, the sweep goes on without it: no device here");
    }

    @Test
    void butNotWhenNoneIsLeft() {
        heard("0", State.READY, "cpu");
        watch.jobEnded();
        heard("0", State.BROKEN, "device 0 is broken");
        assertThat(notices).containsExactly("executor 0 on host ends, and Spark starts another: device 0 is broken");
        heard("1", State.UNFIT, "device 0 is broken");

        assertThat(stop.trouble()).isEqualTo("executor 1 on host cannot work: device 0 is broken");
    }

    @Test
    void executorsThatEndBeforeTheySayAnythingEndTheSweep() {
        for (String executor : List.of("0", "1", "2")) {
            watch.gone(executor, "exit code 1");
        }
        assertThat(stop.isStopped()).isFalse();
        watch.gone("3", "exit code 1");

        assertThat(stop.trouble()).isEqualTo("executors end before they can work, the last one: exit code 1");
    }

    @Test
    void anExecutorThatIsGoneIsNoneThatIsLeft() {
        heard("0", State.READY, "cpu");
        watch.jobEnded();
        watch.gone("0", "killed");
        heard("1", State.UNFIT, "no device here");

        assertThat(stop.isStopped()).isTrue();
    }
}
