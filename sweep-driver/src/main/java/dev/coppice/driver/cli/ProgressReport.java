package dev.coppice.driver.cli;

import dev.coppice.driver.launch.SweepObserver;
import dev.coppice.results.JobSpec;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.spark.TaskReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Tells how a sweep goes: one line that is redrawn on a terminal, plain lines at growing intervals elsewhere. A failed job is
 * told at once.
 */
final class ProgressReport implements SweepObserver, AutoCloseable {

    private static final long REDRAW_NANOS = Duration.ofMillis(200).toNanos();
    private static final long FIRST_LINE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int MAX_TOLD_FAILURES = 20;

    private int total;
    private final PrintWriter out;
    private final boolean terminal = System.console() != null;
    private final long start = System.nanoTime();
    private final Set<String> running = new LinkedHashSet<>();
    private long nextTold = start;
    private long interval = FIRST_LINE_NANOS;
    private int done;
    private int failed;
    private boolean closed;

    ProgressReport(int total, PrintWriter out) {
        this.total = total;
        this.out = out;
    }

    /** As many further jobs are to come. */
    synchronized void expect(int jobs) {
        total += jobs;
    }

    @Override
    public synchronized void started(JobTicket job) {
        running.add(name(job));
        tell();
    }

    @Override
    public synchronized void ended(JobTicket job, TaskReport report) {
        running.remove(name(job));
        if (report.failure() == null) {
            done++;
        } else {
            failed++;
            if (failed <= MAX_TOLD_FAILURES) {
                out.printf(
                        "%sfailed (%s): %s: %s%n",
                        terminal ? "\r\033[K" : "",
                        report.failure().kind(),
                        name(job),
                        report.failure().message().lines().findFirst().orElse(""));
            }
        }
        tell();
    }

    @Override
    public synchronized void notice(String message) {
        out.printf("%s%s%n", terminal ? "\r\033[K" : "", message);
        out.flush();
    }

    private static String name(JobTicket job) {
        JobSpec spec = job.spec();
        return spec.model() + " " + spec.task() + " " + spec.method()
                + (spec.method().equals(JobSpec.DENSE) ? "" : " " + spec.ratio().toPlainString())
                + (spec.seed() == null ? "" : " seed " + spec.seed());
    }

    private void tell() {
        long now = System.nanoTime();
        if (now < nextTold) {
            return;
        }
        if (terminal) {
            out.printf("\r\033[K%s", line(now));
            nextTold = now + REDRAW_NANOS;
        } else {
            if (done + failed > 0) {
                out.println(line(now));
                interval = Math.min(2 * interval, Duration.ofMinutes(1).toNanos());
            }
            nextTold = now + interval;
        }
        out.flush();
    }

    private String line(long now) {
        int ended = done + failed;
        double seconds = (now - start) / 1e9;
        double rate = ended / seconds;
        String eta = ended == 0 ? "" : ", " + time(Duration.ofSeconds(Math.round((total - ended) / rate))) + " left";
        String line = String.format(
                "%d of %d jobs%s, %.1f jobs/s%s",
                ended, total, failed == 0 ? "" : " (" + failed + " failed)", rate, eta);
        return running.isEmpty() ? line : line + ": " + running.iterator().next();
    }

    private static String time(Duration duration) {
        return duration.toHours() > 0
                ? duration.toHours() + " h " + duration.toMinutesPart() + " min"
                : duration.toMinutes() > 0
                        ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                        : duration.toSeconds() + " s";
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        double seconds = (System.nanoTime() - start) / 1e9;
        out.printf("%s%d jobs done, %d failed in %.1f s%n", terminal ? "\r\033[K" : "", done, failed, seconds);
        out.flush();
    }
}
