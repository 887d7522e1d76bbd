package dev.coppice.driver.launch;

import dev.coppice.worker.spark.ExecutorReport;
import java.util.HashSet;
import java.util.Set;

/**
 * Judges what executors say of themselves. One that is unfit ends the sweep while no job has its row, because then all should
 * be as the user meant it, and when it leaves none that is fit; later it is a replacement, and the others go on without it.
 */
final class ExecutorWatch {

    private static final int MAX_SILENT_ENDS = 4;

    private final StopSwitch stop;
    private final SweepObserver observer;
    private final Set<String> heardOf = new HashSet<>();
    private final Set<String> fit = new HashSet<>();
    private final Set<String> told = new HashSet<>();
    private boolean anyJobEnded;
    private int silentEnds; // executors in a row that ended and had said nothing

    ExecutorWatch(StopSwitch stop, SweepObserver observer) {
        this.stop = stop;
        this.observer = observer;
    }

    synchronized void heard(ExecutorReport report) {
        heardOf.add(report.executor());
        silentEnds = 0;
        String who = "executor " + report.executor() + " on " + report.host();
        switch (report.state()) {
            case READY -> fit.add(report.executor());
            case BROKEN -> {
                fit.remove(report.executor());
                observer.notice(who + " ends, and Spark starts another: " + report.message());
            }
            case UNFIT -> {
                if (!anyJobEnded || fit.isEmpty()) {
                    stop.trouble(who + " cannot work: " + report.message());
                } else if (told.add(report.host() + report.message())) { // Spark may start it again and again
                    observer.notice(who + " cannot work, the sweep goes on without it: " + report.message());
                }
            }
        }
    }

    /** A job has its row. */
    synchronized void jobEnded() {
        anyJobEnded = true;
    }

    /** An executor has ended, for this reason by Spark's account. */
    synchronized void gone(String executor, String reason) {
        fit.remove(executor);
        if (!heardOf.contains(executor) && ++silentEnds >= MAX_SILENT_ENDS && fit.isEmpty()) {
            stop.trouble("executors end before they can work, the last one: " + reason);
        }
    }
}
