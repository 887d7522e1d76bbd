package dev.coppice.worker.weights;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** JSON as models' configs have it, with the bare Infinity that Python reads and writes: time_step_limit of published configs ends in one. */
public final class ConfigJson {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    private ConfigJson() {}

    /** Reads a config; IOException when it is no JSON. */
    public static JsonNode read(byte[] content) throws IOException {
        return JSON.readTree(content);
    }

    /** The text of a config, lines indented. */
    public static String write(JsonNode config) throws IOException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n";
    }
}
