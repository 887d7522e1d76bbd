package dev.coppice.driver.report;

/** What a report looks like. */
public enum Format {
    /** Aligned text, for a terminal of 100 columns. */
    TERMINAL,
    /** One line a job, with the columns of the result files. */
    CSV,
    /** Tables for a document. */
    MARKDOWN,
    /** The tables and the jobs, for programs. */
    JSON,
    /** One page with charts that needs no network. */
    HTML
}
