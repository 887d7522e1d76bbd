package dev.coppice.driver.report;

import dev.coppice.results.ResultRow;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table a section, as GitHub's Markdown has them: a cell is the figure, its spread, and the difference to dense. */
final class MarkdownReport {

    private MarkdownReport() {}

    static void write(ResultTable table, Appendable out) throws IOException {
        out.append("# ").append(escape(table.sweep())).append("\n\n");
        out.append(Summary.counts(table)).append(".\n");
        for (Section section : table.sections()) {
            out.append("\n## ").append(escape(section.title())).append('\n');
            for (Measure measure : section.measures()) {
                table(section, measure, out);
            }
        }
        if (Summary.hasTests(table)) {
            out.append('\n').append(Summary.TESTS).append(".\n");
        }
        if (!table.failures().isEmpty()) {
            out.append("\n## Failed\n\n");
            for (ResultRow row : table.failures()) {
                out.append("- ").append(escape(Summary.job(row))).append(": ");
                out.append(escape(Summary.failure(row))).append('\n');
            }
        }
    }

    private static void table(Section section, Measure measure, Appendable out) throws IOException {
        out.append('\n').append(Html.sentence(measure.inWords())).append(" (");
        out.append(escape(section.subtitle())).append("), difference to dense (");
        out.append(Numbers.figure(section.dense(), measure)).append(")");
        out.append(measure.differenceUnit()).append(".\n\n");
        List<BigDecimal> ratios = section.ratios();
        StringBuilder header = new StringBuilder("| method |");
        StringBuilder rule = new StringBuilder("|---|");
        for (BigDecimal ratio : ratios) {
            header.append(' ').append(ratio.toPlainString()).append(" |");
            rule.append("---:|");
        }
        out.append(header).append('\n').append(rule).append('\n');
        for (MethodLine method : section.methods()) {
            StringBuilder line =
                    new StringBuilder("| ").append(escape(method.name())).append(" |");
            ratios.forEach(ratio -> line.append(' ')
                    .append(cell(section, method.at(ratio), measure))
                    .append(" |"));
            out.append(line).append('\n');
        }
    }

    private static String cell(Section section, Cell cell, Measure measure) {
        Double deviation = cell.deviation(measure);
        @Nullable Double delta = section.delta(cell, measure);
        return Numbers.figure(cell, measure).replace("*", "\\*")
                + (deviation == null ? "" : " \u00b1 " + Numbers.figure(deviation, measure))
                + (delta == null
                        ? ""
                        : " (" + Numbers.difference(delta)
                                + test(section.pValues().of(cell, measure)) + ")");
    }

    private static String test(@Nullable Double p) {
        return p == null ? "" : ", p " + Numbers.p(p).replace("<", "&lt;");
    }

    /** Text that Markdown and HTML leave as it is, in one line. */
    static String escape(String text) {
        return text.replace("\\", "\\\\")
                .replace("|", "\\|")
                .replace("*", "\\*")
                .replace("_", "\\_")
                .replace("`", "\\`")
                .replace("[", "\\[")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replaceAll("\\s+", " ");
    }
}
