package dev.coppice.driver.launch;

import org.jspecify.annotations.Nullable;

/** Ends a sweep early, once, for the first reason that comes. */
public final class StopSwitch {

    private SweepOutcome.@Nullable End end;
    private @Nullable String trouble;
    private @Nullable Runnable cancel;

    /** Ends the sweep; running jobs are abandoned and rows that were written stay. */
    public synchronized void stop(SweepOutcome.End reason) {
        if (end == null) {
            end = reason;
            if (cancel != null) {
                cancel.run();
            }
        }
    }

    /** Ends the sweep because executors cannot work or not write. */
    synchronized void trouble(String message) {
        if (end == null) {
            trouble = message;
            stop(SweepOutcome.End.TROUBLE);
        }
    }

    /** What stops the work that runs now; done at once when the sweep is stopped already. */
    synchronized void onStop(Runnable action) {
        cancel = action;
        if (end != null) {
            action.run();
        }
    }

    synchronized boolean isStopped() {
        return end != null;
    }

    synchronized SweepOutcome.@Nullable End end() {
        return end;
    }

    synchronized @Nullable String trouble() {
        return trouble;
    }
}
