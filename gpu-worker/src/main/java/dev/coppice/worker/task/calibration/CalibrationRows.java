package dev.coppice.worker.task.calibration;

import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.LineReader;
import dev.coppice.worker.task.data.Row;
import dev.coppice.worker.task.data.RowReader;
import dev.coppice.worker.task.data.TextFile;
import java.util.ArrayList;
import java.util.List;

/** The rows of a calibration file. */
final class CalibrationRows {

    private static final int MAX_BYTES = 1 << 30;

    private CalibrationRows() {}

    /** Texts: of a table its column text; of any other file its lines with their ends, blank ones as empty texts (as in WikiText's tables). */
    static List<String> texts(DataFile file) {
        String name = file.plainName();
        if (!name.endsWith(".parquet") && !name.endsWith(".jsonl") && !name.endsWith(".json")) {
            return lines(TextFile.read(file, MAX_BYTES));
        }
        List<String> texts = new ArrayList<>();
        try (RowReader rows = RowReader.open(file)) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                texts.add(row.anyText("text"));
            }
        }
        return texts;
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start) + 1;
            String line = text.substring(start, end == 0 ? text.length() : end);
            lines.add(line.isBlank() ? "" : line);
            start += line.length();
        }
        return lines;
    }

    /** Token ids: a sequence a line, ids apart by spaces. */
    static List<int[]> ids(DataFile file) {
        List<int[]> sequences = new ArrayList<>();
        try (LineReader lines = new LineReader(file)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()) {
                    sequences.add(ids(line.strip().split("\\s+"), lines));
                }
            }
        }
        return sequences;
    }

    private static int[] ids(String[] words, LineReader lines) {
        int[] ids = new int[words.length];
        for (int i = 0; i < ids.length; i++) {
            if (!words[i].matches("[0-9]{1,9}")) {
                throw DataErrors.at(
                        lines.place(),
                        DataErrors.quoted(words[i]),
                        "token ids apart by spaces",
                        "a text has another ending than .ids");
            }
            ids[i] = Integer.parseInt(words[i]);
        }
        return ids;
    }
}
