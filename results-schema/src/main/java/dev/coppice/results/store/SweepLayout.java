package dev.coppice.results.store;

import dev.coppice.results.JobId;
import java.util.regex.Pattern;

/** Where a sweep's files lie below the output. */
record SweepLayout(String sweep) {

    private static final String TABLE = ".parquet";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    SweepLayout {
        if (!isName(sweep)) {
            throw new IllegalArgumentException(
                    "a sweep's name is made of letters, digits, dots, dashes and underscores,"
                            + " and begins with a letter or digit; \"" + sweep + "\" is not");
        }
    }

    String plan() {
        return sweep + "/plan";
    }

    String rows() {
        return sweep + "/rows";
    }

    String compacted() {
        return sweep + "/compacted";
    }

    String row(JobId job, int attempt) {
        return rows() + "/" + job.hex() + "-" + attempt + TABLE;
    }

    String samples(JobId job, int attempt) {
        return sweep + "/samples/" + job.hex() + "-" + attempt + TABLE;
    }

    String plan(String name) {
        return plan() + "/" + name + TABLE;
    }

    String compacted(String name) {
        return compacted() + "/" + name + TABLE;
    }

    /** Whether a sweep may be called {@code name}. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether a file of that name is a table, and not one that is still being written. */
    static boolean isTable(String name) {
        return name.endsWith(TABLE) && !name.startsWith(".") && !name.startsWith("_");
    }
}
