package dev.coppice.driver.report;

import dev.coppice.results.Coordinates;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the jobs of a section, or of a line in it, have in common.
 *
 * @param name what people call it
 * @param details all else that would make a mean over the jobs a mean over unlike things
 */
record GroupKey(String name, SortedMap<String, String> details) {

    /** The detail that says what a ratio counts. */
    static final String GRANULARITY = "granularity";

    /** All that changes what is measured. Not the architecture: a job whose model could not be read has none. */
    static GroupKey ofSection(ReportedJob job) {
        Coordinates at = job.at();
        SortedMap<String, String> details = new TreeMap<>(job.taskParams());
        details.put("version", at.taskVersion());
        details.put("protocol", at.protocol());
        details.put("split", at.split());
        details.put("precision", at.precision());
        return new GroupKey(at.model() + " on " + at.task(), details);
    }

    /** All that changes the method, its ratio and seed apart. */
    static GroupKey ofLine(ReportedJob job) {
        SortedMap<String, String> details = new TreeMap<>(job.methodParams());
        if (job.at().granularity() != null) {
            details.put(GRANULARITY, job.at().granularity().label());
        }
        return new GroupKey(job.at().method(), details);
    }
}
