package dev.coppice.driver.report;

import dev.coppice.driver.search.Search;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes result tables. */
public final class Reports {

    private Reports() {}

    /**
     * Writes {@code table} as {@code format} to {@code out}; text formats end with a line feed.
     *
     * @param search what the sweep looked for; null for a sweep over a grid
     * @throws IOException when {@code out} does
     */
    public static void write(Format format, ResultTable table, @Nullable Search search, Appendable out)
            throws IOException {
        MaxLossTable answers = search == null ? null : MaxLossTable.of(table, search);
        switch (format) {
            case TERMINAL -> {
                TerminalReport.write(table, out);
                if (answers != null) {
                    answers.text(out);
                }
            }
            case CSV -> CsvReport.write(table, out);
            case MARKDOWN -> {
                MarkdownReport.write(table, out);
                if (answers != null) {
                    answers.markdown(out);
                }
            }
            case JSON -> JsonReport.write(table, answers, out);
            case HTML -> HtmlReport.write(table, answers, out);
        }
    }
}
