package dev.coppice.worker.task.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.task.DataException;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of a table: named values, checked as they are asked for.
 *
 * @param place file, and row or line, for messages
 * @param values by column; dots in a name lead into groups
 */
public record Row(String place, ObjectNode values) {

    /** Whether there is a value that is not null. */
    public boolean has(String column) {
        return !value(column).isMissingNode() && !value(column).isNull();
    }

    /** A text that has other characters than white space. */
    public String text(String column) {
        JsonNode value = value(column);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw wrong(column, value, "a text");
        }
        return value.textValue();
    }

    /** A text that may be empty. */
    public String anyText(String column) {
        JsonNode value = value(column);
        if (!value.isTextual()) {
            throw wrong(column, value, "a text, empty or not");
        }
        return value.textValue();
    }

    /** A list of texts, one at least, none of them blank. */
    public List<String> texts(String column) {
        JsonNode value = value(column);
        List<String> texts = new ArrayList<>();
        for (JsonNode text : value) {
            if (!text.isTextual() || text.textValue().isBlank()) {
                throw wrong(column, value, "a list of texts");
            }
            texts.add(text.textValue());
        }
        if (!value.isArray() || texts.isEmpty()) {
            throw wrong(column, value, "a list of texts");
        }
        return texts;
    }

    /** A whole number in [0, end), written as a number or as text. */
    public int below(int end, String column) {
        JsonNode value = value(column);
        String written = value.asText().strip();
        if ((value.isIntegralNumber() || value.isTextual()) && written.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(written);
            if (number < end) {
                return number;
            }
        }
        throw wrong(column, value, "a whole number from 0 to " + (end - 1));
    }

    /** What to say of a column whose value is not as it should be. */
    public DataException wrong(String column, String expected) {
        return wrong(column, value(column), expected);
    }

    private DataException wrong(String column, JsonNode value, String expected) {
        String found = value.isMissingNode()
                ? "no " + column + " among " + String.join(", ", (Iterable<String>) values::fieldNames)
                : column + " = " + DataErrors.quoted(value.isTextual() ? value.textValue() : value.toString());
        return DataErrors.at(
                place, found, "in " + column + " " + expected, "mend the row, or check that it is the right file");
    }

    private JsonNode value(String column) {
        JsonNode value = values;
        for (String part : column.split("\\.")) {
            value = value.path(part);
        }
        return value;
    }
}
