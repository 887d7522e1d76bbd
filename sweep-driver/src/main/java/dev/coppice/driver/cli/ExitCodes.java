package dev.coppice.driver.cli;

/** What a command's exit code says. */
final class ExitCodes {

    /** All jobs have a successful row; the command did what it was asked for. */
    static final int OK = 0;

    /** The sweep ended with failed rows; a check is beyond its tolerance. */
    static final int FAILED = 1;

    /** The user's mistake. */
    static final int USAGE = 2;

    /** A defect of Coppice. */
    static final int DEFECT = 70;

    /** Stopped by the user. */
    static final int INTERRUPTED = 130;

    private ExitCodes() {}
}
