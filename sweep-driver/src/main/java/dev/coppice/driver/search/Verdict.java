package dev.coppice.driver.search;

/** What is known of a ratio. */
public enum Verdict {
    /** It loses less than is allowed. */
    WITHIN,
    /** It loses as much as is allowed, or more. */
    BEYOND,
    /** One of its jobs failed. */
    FAILED,
    /** Not all of its jobs have a row. */
    MISSING
}
