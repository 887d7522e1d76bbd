package dev.coppice.driver.report;

import dev.coppice.results.ResultRow;
import dev.coppice.results.store.UnreadableFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Aligned text for 100 columns. A method takes two lines, its figure and below it the difference to the dense model, and a
 * third for the p-value of a paired test or for the spread over its seeds; ratios that do not fit beside each other go into another block.
 */
final class TerminalReport {

    private static final int WIDTH = 100;
    private static final int CELL_WIDTH = 8;
    private static final int MIN_NAME_WIDTH = 20;
    private static final int FAILURES_SHOWN = 10;

    private final ResultTable table;
    private final Appendable out;

    private TerminalReport(ResultTable table, Appendable out) {
        this.table = table;
        this.out = out;
    }

    static void write(ResultTable table, Appendable out) throws IOException {
        new TerminalReport(table, out).write();
    }

    private void write() throws IOException {
        for (Section section : table.sections()) {
            for (Measure measure : section.measures()) {
                table(section, measure);
            }
        }
        notes();
    }

    private void table(Section section, Measure measure) throws IOException {
        line(section.title());
        line(measure.inWords() + ", below it the difference to dense" + measure.differenceUnit() + "; "
                + section.subtitle());
        line(pad("dense", nameWidth(section)) + cell(Numbers.figure(section.dense(), measure)));
        int cellsInLine = Math.max(1, (WIDTH - nameWidth(section)) / CELL_WIDTH);
        List<BigDecimal> ratios = section.ratios();
        for (int from = 0; from < ratios.size(); from += cellsInLine) {
            block(section, measure, ratios.subList(from, Math.min(ratios.size(), from + cellsInLine)));
        }
        line("");
    }

    private void block(Section section, Measure measure, List<BigDecimal> ratios) throws IOException {
        int nameWidth = nameWidth(section);
        StringBuilder header = new StringBuilder(pad("  ratio", nameWidth));
        ratios.forEach(ratio -> header.append(cell(ratio.toPlainString())));
        line(header.toString());
        line("-".repeat(header.length()));
        for (MethodLine method : section.methods()) {
            cells(method, method.name(), ratios, nameWidth, cell -> Numbers.figure(cell, measure));
            cells(method, "", ratios, nameWidth, cell -> blankIfMissing(section.delta(cell, measure)));
            if (ratios.stream().anyMatch(ratio -> section.pValues().of(method.at(ratio), measure) != null)) {
                cells(
                        method,
                        "  p",
                        ratios,
                        nameWidth,
                        cell -> p(section.pValues().of(cell, measure)));
            }
            if (method.seeds() > 1) {
                String label = "  \u00b1 std, " + method.seeds() + " seeds";
                cells(method, label, ratios, nameWidth, cell -> deviation(cell, measure));
            }
        }
    }

    private void cells(
            MethodLine method, String label, List<BigDecimal> ratios, int nameWidth, Function<Cell, String> text)
            throws IOException {
        StringBuilder line = new StringBuilder(pad(label, nameWidth));
        ratios.forEach(ratio -> line.append(cell(text.apply(method.at(ratio)))));
        line(line.toString().stripTrailing());
    }

    private static String blankIfMissing(@Nullable Double difference) {
        return difference == null ? "" : Numbers.difference(difference);
    }

    private static String p(@Nullable Double p) {
        return p == null ? "" : Numbers.p(p);
    }

    private static String deviation(Cell cell, Measure measure) {
        Double deviation = cell.deviation(measure);
        return deviation == null ? "" : "\u00b1" + Numbers.figure(deviation, measure);
    }

    private void notes() throws IOException {
        line(Summary.counts(table));
        if (Summary.hasTests(table)) {
            line(Summary.TESTS);
        }
        if (!table.failures().isEmpty()) {
            line("failed: " + Summary.failureKinds(table)
                    + (table.hasPartialCells() ? "; * marks cells of which some seeds failed" : ""));
            for (ResultRow row : table.failures()
                    .subList(0, Math.min(FAILURES_SHOWN, table.failures().size()))) {
                line("  " + Summary.job(row) + " [" + row.jobId().abbreviated() + "]");
                line("    " + Summary.failure(row));
            }
            if (table.failures().size() > FAILURES_SHOWN) {
                line("  and " + (table.failures().size() - FAILURES_SHOWN) + " more: --format csv lists them all");
            }
        }
        if (table.outside() > 0) {
            line(table.outside() + " rows belong to jobs that the sweep no longer has, and are not shown");
        }
        for (UnreadableFile file : table.unreadable()) {
            line("unreadable: " + file.path() + ": " + file.reason());
        }
    }

    private static int nameWidth(Section section) {
        int longest = section.methods().stream()
                .mapToInt(method -> method.name().length())
                .max()
                .orElse(0);
        return Math.max(MIN_NAME_WIDTH, longest + 2);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String cell(String text) {
        return " ".repeat(Math.max(1, CELL_WIDTH - text.length())) + text;
    }

    private void line(String text) throws IOException {
        out.append(text).append('\n');
    }
}
