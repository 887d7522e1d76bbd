package dev.coppice.driver.report;

/** What became of the jobs of a cell. */
public enum CellState {
    /** At least one is done. */
    DONE,
    /** None is done, and at least one failed. */
    FAILED,
    /** None has a row. */
    MISSING
}
