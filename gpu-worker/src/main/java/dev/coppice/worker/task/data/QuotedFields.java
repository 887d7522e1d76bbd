package dev.coppice.worker.task.data;

import dev.coppice.worker.task.DataException;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of a line as CSV readers split it with a tab for the comma (RFC 4180): a field that begins with a quotation
 * mark goes to the next single one, tabs included, and two of them stand for one. A mark elsewhere is content.
 */
public final class QuotedFields {

    private QuotedFields() {}

    /**
     * The fields of {@code row}.
     *
     * @param place file and line, for messages
     * @throws DataException when a quoted field does not end in this line
     */
    public static List<String> split(String row, String place) {
        List<String> fields = new ArrayList<>();
        int from = 0;
        while (from <= row.length()) {
            if (from == row.length() || row.charAt(from) != '"') {
                int tab = row.indexOf('\t', from);
                int end = tab < 0 ? row.length() : tab;
                fields.add(row.substring(from, end));
                from = end + 1;
            } else {
                from = quoted(row, from + 1, place, fields);
            }
        }
        return fields;
    }

    /** Adds the field whose content starts at {@code from}; returns where the next field starts. */
    private static int quoted(String row, int from, String place, List<String> fields) {
        StringBuilder content = new StringBuilder();
        int at = from;
        while (true) {
            int mark = row.indexOf('"', at);
            if (mark < 0) {
                throw DataErrors.at(
                        place,
                        "the quoted field " + DataErrors.quoted(row.substring(from)) + " without its end",
                        "a quotation mark in the same line",
                        "mend the line");
            }
            content.append(row, at, mark);
            boolean doubled = mark + 1 < row.length() && row.charAt(mark + 1) == '"';
            if (!doubled) {
                int tab = row.indexOf('\t', mark);
                int end = tab < 0 ? row.length() : tab;
                fields.add(content.append(row, mark + 1, end).toString());
                return end + 1;
            }
            content.append('"');
            at = mark + 2;
        }
    }
}
