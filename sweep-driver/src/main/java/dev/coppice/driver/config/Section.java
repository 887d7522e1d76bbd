package dev.coppice.driver.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.coppice.results.DidYouMean;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One object of a config while it is read. Every key that is asked for counts as known; {@link #finish} reports the rest. A
 * wrong or missing value is reported and replaced by a stand-in, so that reading goes on to the next problem.
 */
final class Section {

    private final String path;
    private final ConfigObject object;
    private final Problems problems;
    private final Set<String> known = new TreeSet<>();

    Section(String path, ConfigObject object, Problems problems) {
        this.path = path;
        this.object = object;
        this.problems = problems;
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** Where the object stands: file:line, where there is one. */
    String place() {
        return Problems.place(object.origin());
    }

    /** Notes a problem with the value of {@code key}. */
    void problem(String key, String message) {
        ConfigValue value = object.get(key);
        problems.add(value == null ? object.origin() : value.origin(), pathOf(key) + " " + message);
    }

    private @Nullable ConfigValue value(String key) {
        known.add(key);
        ConfigValue value = object.get(key);
        return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
    }

    /** The value that {@code read} finds; null where the key is null or missing, and where it is wrong, which is reported. */
    private <T> @Nullable T read(String key, String expected, Function<Config, T> read) {
        ConfigValue value = value(key);
        if (value == null) {
            return null;
        }
        try {
            return read.apply(object.toConfig());
        } catch (ConfigException.WrongType | ConfigException.BadValue e) {
            problem(key, "is " + value.render() + ", expected " + expected);
            return null;
        }
    }

    private <T> T required(String key, String expected, T standIn, @Nullable T value) {
        if (value != null) {
            return value;
        }
        ConfigValue raw = object.get(key);
        if (raw == null || raw.valueType() == ConfigValueType.NULL) {
            problem(key, "is missing; expected " + expected);
        }
        return standIn;
    }

    @Nullable
    String optionalText(String key) {
        ConfigValue value = value(key);
        if (value != null
                && (value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST)) {
            problem(key, "is " + value.render() + ", expected a text");
            return null;
        }
        return value == null ? null : String.valueOf(value.unwrapped());
    }

    String text(String key) {
        return required(key, "a text", "", optionalText(key));
    }

    @Nullable
    Integer optionalPositive(String key) {
        Integer value = read(key, "a whole number of at least 1", config -> config.getInt(key));
        if (value != null && value < 1) {
            problem(key, "is " + value + ", expected a whole number of at least 1");
            return null;
        }
        return value;
    }

    @Nullable
    Long optionalNumber(String key) {
        return read(key, "a whole number", config -> config.getLong(key));
    }

    int positive(String key) {
        return required(key, "a whole number of at least 1", 1, optionalPositive(key));
    }

    long bytes(String key) {
        return required(
                key, "a size such as 2 GiB", 0L, read(key, "a size such as 2 GiB", config -> config.getBytes(key)));
    }

    @Nullable
    Long optionalBytes(String key) {
        Long bytes = read(key, "a size such as 40 GiB", config -> config.getBytes(key));
        if (bytes != null && bytes < 1) {
            problem(key, "is " + bytes + " bytes, expected a size such as 40 GiB");
            return null;
        }
        return bytes;
    }

    boolean flag(String key) {
        return required(key, "true or false", false, read(key, "true or false", config -> config.getBoolean(key)));
    }

    @Nullable
    Duration optionalDuration(String key) {
        return read(key, "a time such as 10 minutes", config -> config.getDuration(key));
    }

    /** A text, a list of texts, or null for none. */
    List<String> texts(String key) {
        ConfigValue value = value(key);
        List<ConfigValue> elements =
                value == null ? List.of() : value instanceof ConfigList list ? new ArrayList<>(list) : List.of(value);
        List<String> texts = new ArrayList<>();
        for (ConfigValue element : elements) {
            String text = String.valueOf(element.unwrapped());
            if (element.valueType() == ConfigValueType.OBJECT || element.valueType() == ConfigValueType.LIST) {
                problem(key, "is " + element.render() + ", expected a text or a list of texts");
            } else if (text.isEmpty() || text.contains(",")) {
                problem(key, "is \"" + text + "\", which has a comma or nothing in it; write a list, such as [0, 1]");
            } else {
                texts.add(text);
            }
        }
        return texts;
    }

    /** A list of whole numbers. */
    List<Long> numbers(String key) {
        return required(
                key,
                "a list of whole numbers",
                List.of(),
                read(key, "a list of whole numbers", c -> c.getLongList(key)));
    }

    /** A decimal, exactly as it is written. */
    @Nullable
    BigDecimal decimal(String key) {
        ConfigValue value = value(key);
        if (value == null) {
            problem(key, "is missing; expected a decimal such as 0.1");
            return null;
        }
        BigDecimal decimal = decimalOf(value);
        if (decimal == null) {
            problem(key, "is " + value.render() + ", expected a decimal such as 0.1");
        }
        return decimal;
    }

    /** A number's value as a decimal, from its text and not from a binary fraction; null when it is no number. */
    static @Nullable BigDecimal decimalOf(ConfigValue value) {
        try {
            return new BigDecimal(String.valueOf(value.unwrapped()).strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The raw value, for those that have several forms. */
    @Nullable
    ConfigValue raw(String key) {
        return value(key);
    }

    /** The elements of a list; reported and empty when it is none. */
    List<ConfigValue> list(String key) {
        ConfigValue value = value(key);
        if (value == null) {
            problem(key, "is missing; expected a list");
            return List.of();
        }
        if (value.valueType() != ConfigValueType.LIST) {
            problem(key, "is " + value.render() + ", expected a list");
            return List.of();
        }
        return new ArrayList<>((ConfigList) value);
    }

    /** Element {@code index} of list {@code key} as an object; null when it is none, which is reported. */
    @Nullable
    Section element(String key, int index, ConfigValue value) {
        String name = pathOf(key) + "[" + index + "]";
        if (value instanceof ConfigObject element) {
            return new Section(name, element, problems);
        }
        problems.add(value.origin(), name + " is " + value.render() + ", expected an object { ... }");
        return null;
    }

    /** Notes a problem with an element of list {@code key}. */
    void elementProblem(String key, int index, ConfigValue value, String message) {
        problems.add(value.origin(), pathOf(key) + "[" + index + "] " + message);
    }

    /** The object {@code key}; an empty one, reported, when it is none. */
    Section section(String key) {
        ConfigValue value = value(key);
        if (value instanceof ConfigObject inner) {
            return new Section(pathOf(key), inner, problems);
        }
        problem(key, value == null ? "is missing" : "is " + value.render() + ", expected an object { ... }");
        return new Section(pathOf(key), ConfigFactory.empty().root(), new Problems());
    }

    /** All leaves as texts by their whole path, for settings that belong to somebody else. */
    SortedMap<String, String> leaves() {
        SortedMap<String, String> leaves = new TreeMap<>();
        known.addAll(object.keySet());
        object.toConfig()
                .entrySet()
                .forEach(entry -> leaves.put(
                        String.join(".", ConfigUtil.splitPath(entry.getKey())),
                        String.valueOf(entry.getValue().unwrapped())));
        return leaves;
    }

    /** Reports the keys that nobody asked for. */
    void finish() {
        for (String key : new TreeSet<>(object.keySet())) {
            if (!known.contains(key)) {
                problem(key, "is no known key; " + DidYouMean.hint(key, known));
            }
        }
    }
}
