package dev.coppice.results;

/** Why a job failed, in kinds that an SQL query can count. */
public enum FailureKind {
    /** The request itself is wrong: an unknown tensor, a method that does not fit the model. */
    USER(true),
    /** Evaluation data or a checkpoint is missing, corrupt or of the wrong shape. */
    DATA(true),
    /** Out of host or device memory. */
    RESOURCE(true),
    /** NaN or infinity where a number is needed. */
    NUMERIC(true),
    /** The job ran longer than its limit. */
    TIMEOUT(true),
    /** A defect of Coppice. */
    INTERNAL(true),
    /** The executor was lost; written by the driver. Such a job is tried again. */
    LOST(false);

    private final boolean deterministic;

    FailureKind(boolean deterministic) {
        this.deterministic = deterministic;
    }

    /** Whether another attempt would end the same way, so that it is made only on request. */
    public boolean deterministic() {
        return deterministic;
    }
}
