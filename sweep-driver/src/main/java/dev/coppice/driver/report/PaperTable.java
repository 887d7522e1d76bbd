package dev.coppice.driver.report;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A paper's table with our figures beside the paper's: the whole model, the ratio, the pruned model, the loss. */
public final class PaperTable {

    private static final List<String> COLUMNS = List.of(
            "task", "method", "ratio", "whole: paper", "ours", "pruned: paper", "ours", "loss: paper", "ours", "model");

    private static final int TEXT_COLUMNS = 2;

    private PaperTable() {}

    /**
     * Writes the table.
     *
     * @param format TERMINAL or MARKDOWN
     * @throws IllegalArgumentException for another format
     */
    public static void write(Paper paper, Format format, ResultTable table, Appendable out) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (PaperNumber number : paper.numbers()) {
            List<Section> sections =
                    table.sections().stream().filter(number::fits).toList();
            if (sections.isEmpty()) {
                rows.add(row(number, null));
            }
            sections.forEach(section -> rows.add(row(number, section)));
        }
        int last = COLUMNS.size() - 1;
        TextTable lines = TextTable.of(COLUMNS, rows, column -> column < TEXT_COLUMNS || column == last);
        List<String> notes = paper.notes();
        switch (format) {
            case TERMINAL -> {
                out.append(notes.get(0)).append('\n');
                lines.text(out);
            }
            case MARKDOWN -> {
                out.append("## ").append(notes.get(0)).append("\n\n");
                lines.markdown(out);
                out.append('\n');
            }
            default -> throw new IllegalArgumentException("a paper's table is written as text or Markdown");
        }
        for (String note : notes.subList(1, notes.size())) {
            out.append("- ").append(note).append('\n');
        }
    }

    private static List<String> row(PaperNumber number, @Nullable Section section) {
        Double whole = section == null ? null : section.dense().mean(number.measure());
        Double pruned = section == null ? null : ours(number, section);
        return List.of(
                number.task(),
                number.method(),
                number.ratio()
                                .multiply(BigDecimal.valueOf(100))
                                .stripTrailingZeros()
                                .toPlainString() + " %",
                Numbers.figure(number.whole(), number.measure()),
                Numbers.figure(whole, number.measure()),
                Numbers.figure(number.pruned(), number.measure()),
                Numbers.figure(pruned, number.measure()),
                loss(number.measure(), number.whole(), number.pruned()),
                loss(number.measure(), whole, pruned),
                section == null ? Numbers.MISSING : described(section));
    }

    private static String described(Section section) {
        Long examples = section.examples();
        return section.title() + (examples == null ? "" : ", " + examples + " examples");
    }

    /** Our mean over seeds at the paper's ratio; null where there is none. */
    private static @Nullable Double ours(PaperNumber number, Section section) {
        if (number.ratio().signum() == 0) {
            return section.dense().mean(number.measure());
        }
        return section.methods().stream()
                .filter(method -> method.method().equals(number.method()))
                .map(method -> method.at(number.ratio()).mean(number.measure()))
                .filter(figure -> figure != null)
                .findFirst()
                .orElse(null);
    }

    private static String loss(Measure measure, @Nullable Double whole, @Nullable Double pruned) {
        return whole == null || pruned == null
                ? Numbers.MISSING
                : String.format(Locale.ROOT, "%.2f", PaperNumber.loss(measure, whole, pruned) + 0.0);
    }
}
