package dev.coppice.driver.plan;

/** Which failed jobs run again. */
public enum Retries {
    /** Those whose executor was lost; others would fail the same way. */
    LOST,
    /** All. */
    ALL
}
