package dev.coppice.driver.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.results.JobSpec;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.spark.JobRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobDeskTest {

    /** Jobs of models "a", "b", ... one after the other, as plans have them. */
    private static List<JobTicket> tickets(int models, int jobs) {
        List<JobTicket> tickets = new ArrayList<>();
        for (int m = 0; m < models; m++) {
            for (int j = 0; j < jobs; j++) {
                String model = String.valueOf((char) ('a' + m));
                JobSpec spec = new JobSpec(
                        model,
                        model,
                        "task",
                        "1",
                        new TreeMap<>(),
                        "method",
                        new TreeMap<>(),
                        new TreeMap<>(),
                        BigDecimal.valueOf(j + 1, 2),
                        null,
                        "float32");
                tickets.add(new JobTicket(spec, "sweep", 1, "folder", null, "data", null, null));
            }
        }
        return tickets;
    }

    /** What each executor read when all take jobs in turns; all jobs are given, each once. */
    private static Map<String, Set<String>> reads(int executors, int slots, List<JobTicket> tickets) {
        JobDesk desk = new JobDesk(1, tickets);
        Map<String, Set<String>> held = new HashMap<>();
        Set<JobTicket> given = new HashSet<>();
        for (int task = 0; task < tickets.size(); task++) {
            String executor = String.valueOf(task / slots % executors);
            Set<String> models = held.computeIfAbsent(executor, any -> new HashSet<>());
            JobTicket ticket = desk.give(new JobRequest(1, task, executor, models));
            models.add(ticket.spec().model());
            given.add(ticket);
        }
        assertThat(given).hasSize(tickets.size());
        return held;
    }

    private static int loads(Map<String, Set<String>> held) {
        return held.values().stream().mapToInt(Set::size).sum();
    }

    /** In the plan's order alone, every executor would read every model: executors times models loads. */
    @ParameterizedTest
    @CsvSource({
        "4, 1, 4, 30, 4",
        "2, 1, 4, 30, 4",
        "8, 1, 4, 30, 8",
        "2, 4, 2, 40, 2",
        "3, 1, 3, 10, 3",
        "8, 1, 1, 40, 8"
    })
    void modelsAreReadByFewExecutors(int executors, int slots, int models, int jobs, int loads) {
        assertThat(loads(reads(executors, slots, tickets(models, jobs)))).isEqualTo(loads);
    }

    @Test
    void anExecutorWithoutJobsOfItsModelsTakesOthers() {
        assertThat(loads(reads(3, 1, tickets(4, 30)))).isBetween(4, 6);
    }

    @Test
    void aTaskThatIsTriedAgainGetsItsJob() {
        JobDesk desk = new JobDesk(1, tickets(2, 2));
        JobTicket first = desk.give(new JobRequest(1, 3, "0", Set.of()));

        assertThat(desk.give(new JobRequest(1, 3, "1", Set.of("b")))).isSameAs(first);
        assertThat(desk.ticket(3)).isSameAs(first);
        assertThat(desk.ticket(0)).isNull();
    }

    @Test
    void whatAnExecutorHeldIsForgottenWithIt() {
        JobDesk desk = new JobDesk(1, tickets(2, 10));
        desk.give(new JobRequest(1, 0, "0", Set.of()));
        assertThat(desk.give(new JobRequest(1, 1, "1", Set.of())).spec().model())
                .isEqualTo("b");
        desk.gone("1");

        assertThat(desk.give(new JobRequest(1, 2, "2", Set.of())).spec().model())
                .isEqualTo("b");
    }
}
