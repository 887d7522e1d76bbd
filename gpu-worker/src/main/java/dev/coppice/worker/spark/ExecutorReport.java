package dev.coppice.worker.spark;

import java.io.Serializable;

/**
 * How an executor is.
 *
 * @param executor Spark's name of it
 * @param host machine that it runs on
 * @param message the devices when it is ready, else what is wrong and what to do
 */
public record ExecutorReport(String executor, String host, State state, String message) implements Serializable {

    /** What an executor may say of itself. */
    public enum State {
        /** It has what jobs need. */
        READY,
        /** It lacks something, and ends before it has run a job. */
        UNFIT,
        /** A device of it no longer works, and it ends. */
        BROKEN
    }
}
