package dev.coppice.worker.model.layer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.model.ModelException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Reads the keys of a model's config.json, each with its kind and range checked. A key that is null counts as missing. */
public final class ConfigKeys {

    private final Path file;
    private final String path; // of the object that is read, such as "ssm_cfg."
    private final JsonNode config;

    /** The keys of {@code folder}'s config.json, whose content is {@code config}. */
    public ConfigKeys(Path folder, JsonNode config) {
        this(folder.resolve("config.json"), "", config);
    }

    private ConfigKeys(Path file, String path, JsonNode config) {
        this.file = file;
        this.path = path;
        this.config = config;
    }

    /** The keys of {@code file}, another config beside config.json. */
    public static ConfigKeys of(Path file, JsonNode config) {
        return new ConfigKeys(file, "", config);
    }

    /** The keys of the object that {@code key} holds; none when the key is missing. */
    public ConfigKeys within(String key) {
        JsonNode inner = has(key) ? config.get(key) : MissingNode.getInstance();
        return new ConfigKeys(file, path + key + ".", inner);
    }

    /** What is read. */
    public Path file() {
        return file;
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
            throw new ModelException(file + ": the key \"" + path + key + "\" is missing");
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

    /** As {@link #positive(String)}, {@code otherwise} where the key is missing. */
    public int positive(String key, int otherwise) {
        return has(key) ? positive(key) : otherwise;
    }

    /**
     * The whole number of at least 1 at {@code index} of a list, such as a layer's; {@code otherwise} where the key is missing.
     *
     * @throws ModelException when it is something else, or the list is too short
     */
    public int positive(String key, int index, int otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = value(key).path(index);
        if (!value.isInt() || value.intValue() < 1) {
            throw wrong(key, "a list with a whole number of at least 1 for layer " + index);
        }
        return value.intValue();
    }

    /** Whether the list {@code key} holds true at {@code index}; a missing key does not. */
    public boolean affirms(String key, int index) {
        return has(key) && value(key).path(index).asBoolean();
    }

    /** What the keys are read from, to be changed and written. */
    public ObjectNode copy() {
        return config.deepCopy();
    }

    /** As {@link #number}, {@code otherwise} where the key is missing. */
    public double number(String key, double otherwise) {
        return has(key) ? number(key) : otherwise;
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

    /** Whether the key is there and true; {@link #denies} for the other answer, where a missing key is neither. */
    public boolean affirms(String key) {
        return has(key) && flag(key);
    }

    /** Whether the key is there and false. */
    public boolean denies(String key) {
        return has(key) && !flag(key);
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
        return new ModelException(file + ": \"" + path + key + "\" is " + config.get(key) + ", expected " + expected);
    }

    private static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
