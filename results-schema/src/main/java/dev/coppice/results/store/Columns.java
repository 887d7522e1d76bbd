package dev.coppice.results.store;

import org.jspecify.annotations.Nullable;

/** Checks of what came out of a file. */
final class Columns {

    private Columns() {}

    /** {@code value}, which every row of a result table has; a table without it is another table. */
    static <T> T present(@Nullable T value, String column) {
        if (value == null) {
            throw new IllegalArgumentException(
                    "it has no column " + column + ", so it is not a result table of Coppice");
        }
        return value;
    }
}
