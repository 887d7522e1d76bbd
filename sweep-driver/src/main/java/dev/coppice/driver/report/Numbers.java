package dev.coppice.driver.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures as people read them: the same in every format and country. */
final class Numbers {

    /** What stands for a figure that is not there. */
    static final String MISSING = "-";

    private Numbers() {}

    /** A fraction in per cent, such as 97.70. */
    static String percent(@Nullable Double fraction) {
        return fraction == null ? MISSING : String.format(Locale.ROOT, "%.2f", 100 * fraction);
    }

    /** A difference in points, such as -0.52; no difference is +0.00. */
    static String points(@Nullable Double points) {
        // Adding 0.0 turns a negative zero, and what rounds to it, into a positive one.
        return points == null ? MISSING : String.format(Locale.ROOT, "%+.2f", Math.rint(points * 100) / 100 + 0.0);
    }

    /** A cell's accuracy in per cent, or what became of it; a star says that some of its seeds failed. */
    static String accuracy(Cell cell) {
        return switch (cell.state()) {
            case DONE -> percent(cell.accuracy()) + (cell.failed() > 0 ? "*" : "");
            case FAILED -> "failed";
            case MISSING -> MISSING;
        };
    }
}
