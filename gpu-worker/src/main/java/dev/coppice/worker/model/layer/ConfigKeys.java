package dev.coppice.worker.model.layer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.worker.model.ModelException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Reads the keys of a model's config.json, each with its kind and range checked. A key that is null counts as missing. */
public final class ConfigKeys {

    private final Path file;
    private final JsonNode config;

    /** The keys of {@code folder}'s config.json, whose content is {@code config}. */
    public ConfigKeys(Path folder, JsonNode config) {
        this.file = folder.resolve("config.json");
        this.config = config;
    }

    /** Whether the key is there and not null. */
    public boolean has(String key) {
        return config.hasNonNull(key);
    }

    /**
     * The key's value, whatever it is.
     *
     * @throws ModelException when it is missing
     */
    public JsonNode value(String key) {
        if (!has(key)) {
            throw new ModelException(file + ": the key \"" + key + "\" is missing");
        }
        return config.get(key);
    }

    /**
     * A whole number of at least 1.
     *
     * @throws ModelException when it is missing or something else
     */
    public int positive(String key) {
        JsonNode value = value(key);
        if (!value.isInt() || value.intValue() < 1) {
            throw wrong(key, "a whole number of at least 1");
        }
        return value.intValue();
    }

    /**
     * A finite number.
     *
     * @throws ModelException when it is missing or something else
     */
    public double number(String key) {
        JsonNode value = value(key);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(key, "a number");
        }
        return value.doubleValue();
    }

    /**
     * True or false.
     *
     * @throws ModelException when it is missing or something else
     */
    public boolean flag(String key) {
        JsonNode value = value(key);
        if (!value.isBoolean()) {
            throw wrong(key, "true or false");
        }
        return value.booleanValue();
    }

    /**
     * One of the constants of {@code type}, written in lower case.
     *
     * @throws ModelException when it is missing or something else
     */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        JsonNode value = value(key);
        for (E constant : type.getEnumConstants()) {
            if (value.isTextual() && value.textValue().equals(spelling(constant))) {
                return constant;
            }
        }
        throw wrong(
                key,
                "one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(ConfigKeys::spelling)
                                .collect(Collectors.joining(", ")));
    }

    /** The error for a key whose value is not {@code expected}. */
    public ModelException wrong(String key, String expected) {
        return new ModelException(file + ": \"" + key + "\" is " + config.get(key) + ", expected " + expected);
    }

    private static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
