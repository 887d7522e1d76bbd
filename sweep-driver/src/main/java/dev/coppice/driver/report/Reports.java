package dev.coppice.driver.report;

import java.io.IOException;

/** Writes result tables. */
public final class Reports {

    private Reports() {}

    /**
     * Writes {@code table} as {@code format} to {@code out}; text formats end with a line feed.
     *
     * @throws IOException when {@code out} does
     */
    public static void write(Format format, ResultTable table, Appendable out) throws IOException {
        switch (format) {
            case TERMINAL -> TerminalReport.write(table, out);
            case CSV -> CsvReport.write(table, out);
            case MARKDOWN -> MarkdownReport.write(table, out);
            case JSON -> JsonReport.write(table, out);
            case HTML -> HtmlReport.write(table, out);
        }
    }
}
