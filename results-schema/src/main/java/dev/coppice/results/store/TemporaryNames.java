package dev.coppice.results.store;

import java.util.concurrent.ThreadLocalRandom;

/** Names of files that are still being written. */
final class TemporaryNames {

    private TemporaryNames() {}

    /**
     * A name that no reader takes for a table: it does not end in .parquet, and Spark and Hadoop pass over names that begin
     * with a dot. Random, so that two attempts to write one file do not meet.
     */
    static String of(String name) {
        return "." + name + "." + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp";
    }
}
