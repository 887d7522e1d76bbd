package dev.coppice.worker.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The end of a job's time, asked for between pieces of work. */
public final class Deadline {

    private final long endNanos;
    private final @Nullable Duration limit;

    private Deadline(long endNanos, @Nullable Duration limit) {
        this.endNanos = endNanos;
        this.limit = limit;
    }

    /** A deadline {@code limit} from now; null for none. */
    public static Deadline in(@Nullable Duration limit) {
        return new Deadline(limit == null ? 0 : System.nanoTime() + limit.toNanos(), limit);
    }

    /**
     * Returns while there is time left.
     *
     * @throws TimeoutException when there is none
     * @throws CancelledException when the thread was interrupted
     */
    public void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException();
        }
        if (limit != null && System.nanoTime() - endNanos > 0) {
            throw new TimeoutException("ran longer than the job-time limit of " + limit.toSeconds()
                    + " s; raise limits.job-time, or lower the number of examples");
        }
    }

    /** A job's time is over. */
    public static final class TimeoutException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TimeoutException(String message) {
            super(message);
        }
    }

    /** The sweep was stopped while the job ran: no row is written, and the job runs again next time. */
    public static final class CancelledException extends RuntimeException {
        private static final long serialVersionUID = 1;

        CancelledException() {
            super("the sweep was stopped");
        }
    }
}
