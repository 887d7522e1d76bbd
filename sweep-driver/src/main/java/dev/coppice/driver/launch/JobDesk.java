package dev.coppice.driver.launch;

import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.spark.JobRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the jobs of one Spark job. An executor gets jobs of a model that it holds while there are any, else of the model
 * with the most jobs waiting for each executor that holds it: each model is read by few executors, and none is idle while a
 * job waits.
 */
final class JobDesk {

    private final int number;
    private final Map<String, Deque<JobTicket>> waiting = new LinkedHashMap<>(); // by model, in the plan's order
    private final Map<Integer, JobTicket> given = new HashMap<>(); // by task
    private final Map<String, Set<String>> models = new HashMap<>(); // that an executor holds, by its name
    private final Map<String, String> lastModel = new HashMap<>(); // that an executor was given, by its name

    /** The jobs of Spark job number {@code number}. */
    JobDesk(int number, List<JobTicket> tickets) {
        this.number = number;
        for (JobTicket ticket : tickets) {
            waiting.computeIfAbsent(model(ticket), any -> new ArrayDeque<>()).add(ticket);
        }
    }

    private static String model(JobTicket ticket) {
        return ticket.spec().modelFingerprint();
    }

    int number() {
        return number;
    }

    /** The job of a task; the same one when it asks again. */
    synchronized JobTicket give(JobRequest request) {
        JobTicket known = given.get(request.task());
        if (known != null) {
            return known;
        }
        Set<String> held = held(request);
        Map.Entry<String, Deque<JobTicket>> best = waiting.entrySet().stream()
                .reduce((a, b) -> prefer(a, b, held) >= 0 ? a : b)
                .orElseThrow(() -> new IllegalStateException("there are more tasks than jobs"));
        String model = best.getKey();
        JobTicket ticket = best.getValue().remove();
        if (best.getValue().isEmpty()) {
            waiting.remove(model);
        }
        held.add(model);
        lastModel.put(request.executor(), model);
        given.put(request.task(), ticket);
        return ticket;
    }

    /** What the executor holds by its own account, and what it will have begun to read. */
    private Set<String> held(JobRequest request) {
        Set<String> held = new HashSet<>(request.models());
        String last = lastModel.get(request.executor());
        if (last != null) {
            held.add(last);
        }
        models.put(request.executor(), held);
        return held;
    }

    /** Above 0 where {@code a} is the better model to take a job of, below 0 where {@code b} is. */
    private int prefer(Map.Entry<String, Deque<JobTicket>> a, Map.Entry<String, Deque<JobTicket>> b, Set<String> held) {
        boolean holdsA = held.contains(a.getKey());
        return holdsA == held.contains(b.getKey()) ? Double.compare(share(a, held), share(b, held)) : holdsA ? 1 : -1;
    }

    /** Waiting jobs of a model for each executor that would share them, the one that holds {@code own} among them. */
    private double share(Map.Entry<String, Deque<JobTicket>> jobs, Set<String> own) {
        long others = models.values().stream()
                .filter(held -> held != own && held.contains(jobs.getKey()))
                .count();
        return jobs.getValue().size() / (others + 1.0);
    }

    /** The job that a task was given; null when it has not asked. */
    synchronized @Nullable JobTicket ticket(int task) {
        return given.get(task);
    }

    /** An executor is gone, and what it held with it. */
    synchronized void gone(String executor) {
        models.remove(executor);
        lastModel.remove(executor);
    }
}
