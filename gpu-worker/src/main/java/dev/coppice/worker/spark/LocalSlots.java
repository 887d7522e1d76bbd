package dev.coppice.worker.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many tasks local Spark runs at a time. */
final class LocalSlots {

    /** "local", "local[4]", "local[*]", and either with a number of failures after a comma. */
    private static final Pattern MASTER = Pattern.compile("local(?:\\[\\s*([0-9]+|\\*)\\s*(?:,\\s*[0-9]+\\s*)?])?");

    private LocalSlots() {}

    /**
     * Jobs that run on one device at a time.
     *
     * @param master Spark's name of the cluster
     * @param threads of a task
     * @param devices that jobs share evenly; 0 for the only one
     */
    static int onADevice(String master, int threads, int devices) {
        Matcher local = MASTER.matcher(master);
        if (!local.matches()) {
            throw new IllegalArgumentException("\"" + master + "\" is no local master of Spark");
        }
        String cores = local.group(1);
        int slots = cores == null
                ? 1
                : cores.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(cores);
        int shared = Math.max(1, devices);
        return Math.max(1, (slots / threads + shared - 1) / shared);
    }
}
