package dev.coppice.driver.report;

import java.math.BigDecimal;
import java.util.Locale;

/**
 * A number that a paper reports.
 *
 * @param architecture model family, or * for any
 * @param model the model's name in a config, or what it begins with and *
 * @param protocol how the measure is computed; a figure of another one stands beside no paper's
 * @param ratio that was pruned; 0 where the paper says that nothing can be
 * @param measure what the numbers are
 * @param whole the dense model's, as it would be stored
 * @param pruned the pruned one's
 */
record PaperNumber(
        String architecture,
        String model,
        String task,
        String protocol,
        String method,
        BigDecimal ratio,
        Measure measure,
        double whole,
        double pruned) {

    private static final int FIELDS = 9;

    /** A line of a table of numbers, fields in the order of the components. */
    static PaperNumber parse(String line) {
        String[] fields = line.split(",", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("a paper's number has " + FIELDS + " fields: " + line);
        }
        return new PaperNumber(
                fields[0],
                fields[1],
                fields[2],
                fields[3],
                fields[4],
                new BigDecimal(fields[5]),
                Measure.valueOf(fields[6].toUpperCase(Locale.ROOT)),
                Double.parseDouble(fields[7]),
                Double.parseDouble(fields[8]));
    }

    /** Whether the section is about this model and task, measured the same way. */
    boolean fits(Section section) {
        return fits(architecture, String.valueOf(section.at().architecture()))
                && fits(model, section.at().model())
                && task.equals(section.at().task())
                && protocol.equals(section.at().protocol());
    }

    private static boolean fits(String pattern, String value) {
        return pattern.endsWith("*")
                ? value.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(value);
    }

    /** What is lost, as it is shown: points of accuracy, else per cent of the whole model's. */
    static double loss(Measure measure, double whole, double pruned) {
        boolean fraction = measure == Measure.ACCURACY || measure == Measure.ACCURACY_NORM;
        return fraction ? 100 * (whole - pruned) : 100 * (pruned / whole - 1);
    }
}
