package dev.coppice.driver.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures as people read them: the same in every format and country. */
final class Numbers {

    /** What stands for a figure that is not there. */
    static final String MISSING = "-";

    /** Figures from here on would not fit into a column. */
    private static final double WIDE = 1e5;

    private Numbers() {}

    /** A stored figure as it is shown, such as 97.70 for a fraction; from 100,000 on with an exponent. */
    static String figure(@Nullable Double stored, Measure measure) {
        return stored == null ? MISSING : format("", measure.shownScale() * stored);
    }

    /** A difference in the unit shown, such as -0.52; no difference is +0.00. */
    static String difference(@Nullable Double shown) {
        // Adding 0.0 turns a negative zero, and what rounds to it, into a positive one.
        return shown == null ? MISSING : format("+", Math.rint(shown * 100) / 100 + 0.0);
    }

    /** A p-value, such as 0.031; below a thousandth "<.001". */
    static String p(@Nullable Double p) {
        if (p == null) {
            return MISSING;
        }
        return p < 0.001 ? "<.001" : String.format(Locale.ROOT, "%.3f", p);
    }

    private static String format(String flag, double value) {
        boolean wide = Math.abs(value) >= WIDE;
        return String.format(Locale.ROOT, "%" + flag + (wide ? ".1e" : ".2f"), value)
                .replaceFirst("e\\+0?", "e");
    }

    /** A cell's figure, or what became of it; a star says that some of its seeds failed. */
    static String figure(Cell cell, Measure measure) {
        return switch (cell.state()) {
            case DONE -> figure(cell.mean(measure), measure) + (cell.failed() > 0 ? "*" : "");
            case FAILED -> "failed";
            case MISSING -> MISSING;
        };
    }
}
