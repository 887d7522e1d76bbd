package dev.coppice.worker.task.language;

import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.Row;
import dev.coppice.worker.task.data.RowReader;
import dev.coppice.worker.task.data.TextFile;
import java.util.ArrayList;
import java.util.List;

/**
 * A text of WikiText's layout.
 *
 * @param text the whole of it, as its file has it
 */
record WikiCorpus(String text) {

    private static final int MAX_BYTES = 256 << 20;

    /** How the published file writes a blank line. Its table has an empty row instead. */
    private static final String BLANK_LINE = " \n";

    /** The text of one file, or of all shards of a table. */
    static WikiCorpus read(List<DataFile> files) {
        if (!files.get(0).plainName().endsWith(".parquet")) {
            return new WikiCorpus(TextFile.read(files.get(0), MAX_BYTES));
        }
        StringBuilder text = new StringBuilder();
        for (DataFile file : files) {
            try (RowReader rows = RowReader.open(file)) {
                for (Row row = rows.next(); row != null; row = rows.next()) {
                    String line = row.anyText("text");
                    text.append(line.isEmpty() ? BLANK_LINE : line);
                }
            }
        }
        return new WikiCorpus(text.toString());
    }

    /** Each line with its end; a blank one as the empty string. */
    List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start) + 1;
            String line = text.substring(start, end == 0 ? text.length() : end);
            rows.add(WhiteSpace.strip(line).isEmpty() ? "" : line);
            start += line.length();
        }
        return rows;
    }

    /** The pages, each from its title to the line before the next one; what stands before the first, unless it is blank. */
    List<String> pages() {
        List<String> pages = new ArrayList<>();
        List<String> page = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (isTitle(line)) {
                addTo(pages, page);
                page.clear();
            }
            page.add(line);
        }
        addTo(pages, page);
        return pages;
    }

    private static void addTo(List<String> pages, List<String> lines) {
        String page = String.join("\n", lines);
        if (!WhiteSpace.strip(page).isEmpty()) {
            pages.add(page);
        }
    }

    /** One equals sign on each side; more of them head a section. */
    private static boolean isTitle(String line) {
        String title = WhiteSpace.strip(line).replace("= = =", "===").replace("= =", "==");
        return title.startsWith("= ") && title.endsWith(" =");
    }
}
