package dev.coppice.driver.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table of texts as a terminal and Markdown show it.
 *
 * @param rows the heads of the columns, then the rows, as wide as these
 * @param left whether a column begins at its left edge, as texts do; figures end at the right one
 */
record TextTable(List<List<String>> rows, IntPredicate left) {

    TextTable {
        rows = List.copyOf(rows);
    }

    static TextTable of(List<String> heads, List<List<String>> rows, IntPredicate left) {
        List<List<String>> all = new ArrayList<>();
        all.add(heads);
        all.addAll(rows);
        return new TextTable(all, left);
    }

    /** Columns of one width each, two spaces between them. */
    void text(Appendable out) throws IOException {
        int[] widths = columns().map(this::width).toArray();
        for (List<String> row : rows) {
            String line = columns()
                    .mapToObj(column -> {
                        String cell = row.get(column);
                        String fill = " ".repeat(widths[column] - cell.length());
                        return left.test(column) ? cell + fill : fill + cell;
                    })
                    .collect(Collectors.joining("  "));
            out.append(line.stripTrailing()).append('\n');
        }
    }

    void markdown(Appendable out) throws IOException {
        for (int i = 0; i < rows.size(); i++) {
            out.append(
                    rows.get(i).stream().map(MarkdownReport::escape).collect(Collectors.joining(" | ", "| ", " |\n")));
            if (i == 0) {
                out.append(columns()
                        .mapToObj(column -> left.test(column) ? "---|" : "---:|")
                        .collect(Collectors.joining("", "|", "\n")));
            }
        }
    }

    private IntStream columns() {
        return IntStream.range(0, rows.get(0).size());
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
