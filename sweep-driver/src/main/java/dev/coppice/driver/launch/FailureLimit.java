package dev.coppice.driver.launch;

/**
 * How many failed jobs a sweep bears.
 *
 * @param failures with which it stops; Integer.MAX_VALUE for never
 */
public record FailureLimit(int failures) {

    /** Goes on whatever fails. */
    public static final FailureLimit NONE = new FailureLimit(Integer.MAX_VALUE);
}
