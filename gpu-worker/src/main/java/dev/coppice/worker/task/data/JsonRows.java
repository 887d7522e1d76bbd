package dev.coppice.worker.task.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A text file with an object of JSON a line. */
final class JsonRows implements RowReader {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final LineReader lines;

    JsonRows(DataFile file) {
        lines = new LineReader(file);
    }

    @Override
    public @Nullable Row next() {
        String line = lines.next();
        if (line == null) {
            return null;
        }
        JsonNode value;
        try {
            value = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw wrong("no JSON (" + e.getOriginalMessage() + ")");
        }
        if (!(value instanceof ObjectNode object)) {
            throw wrong(line.isBlank() ? "an empty line" : DataErrors.quoted(line));
        }
        return new Row(lines.place(), object);
    }

    private RuntimeException wrong(String found) {
        return DataErrors.at(
                lines.place(), found, "an object of JSON", "mend the line, or check that the file is complete");
    }

    @Override
    public void close() {
        lines.close();
    }
}
