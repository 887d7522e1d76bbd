package dev.coppice.driver.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads a sweep's config file. */
public final class ConfigLoader {

    private ConfigLoader() {}

    /**
     * The settings in {@code file}, over the defaults, under the overrides.
     *
     * @param overrides of the form key=value, later ones win
     * @throws ConfigProblemsException with everything that is wrong
     */
    public static SweepSettings load(Path file, List<String> overrides) {
        Path absolute = file.toAbsolutePath().normalize();
        if (!Files.isRegularFile(absolute)) {
            throw new ConfigProblemsException(List.of(file + ": there is no such config file"));
        }
        Path folder = Objects.requireNonNull(absolute.getParent(), "a file has a folder");
        try {
            Config own = ConfigFactory.parseFile(
                    absolute.toFile(),
                    ConfigParseOptions.defaults()
                            .setSyntax(ConfigSyntax.CONF)
                            .setAllowMissing(false)
                            .setIncluder(new LocalIncluder(folder)));
            return reader(own, folder, overrides).read();
        } catch (ConfigException e) {
            throw new ConfigProblemsException(List.of(String.valueOf(e.getMessage())));
        }
    }

    /**
     * The settings that a command's own options make, over the defaults, under the overrides.
     *
     * @param sweep the keys of {@code sweep}
     * @param folder where relative paths start
     * @throws ConfigProblemsException with everything that is wrong
     */
    public static SweepSettings of(Map<String, Object> sweep, Path folder, List<String> overrides) {
        return ofOptions(sweep, folder, overrides).read();
    }

    /** As {@link #of}, for a command that evaluates nothing and so has no tasks. */
    public static SweepSettings withoutTasks(Map<String, Object> sweep, Path folder, List<String> overrides) {
        return ofOptions(sweep, folder, overrides).readWithoutTasks();
    }

    private static SettingsReader ofOptions(Map<String, Object> sweep, Path folder, List<String> overrides) {
        try {
            Config own = ConfigValueFactory.fromMap(Map.of("sweep", sweep), "the command's options")
                    .toConfig();
            return reader(own, folder.toAbsolutePath().normalize(), overrides);
        } catch (ConfigException e) {
            throw new ConfigProblemsException(List.of(String.valueOf(e.getMessage())));
        }
    }

    private static SettingsReader reader(Config own, Path folder, List<String> overrides) {
        Config config = overrides(overrides)
                .withFallback(own)
                .withFallback(ConfigFactory.parseResources("reference.conf"))
                .resolve();
        return new SettingsReader(config, folder);
    }

    private static Config overrides(List<String> overrides) {
        Config all = ConfigFactory.empty();
        for (String override : overrides) {
            int equals = override.indexOf('=');
            if (equals < 1) {
                throw new ConfigProblemsException(List.of("--set " + override + ": expected key=value"));
            }
            all = parse(override, equals).withFallback(all);
        }
        return all;
    }

    /** A value may be any HOCON; a text that is none, such as a path, need not be quoted. */
    private static Config parse(String override, int equals) {
        ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription("--set " + override);
        String key = override.substring(0, equals);
        String value = override.substring(equals + 1);
        boolean structured = value.startsWith("[") || value.startsWith("{") || value.startsWith("\"");
        try {
            return ConfigFactory.parseString(
                    key + "=" + (structured || value.equals("null") ? value : quoted(value)), options);
        } catch (ConfigException e) {
            throw new ConfigProblemsException(List.of("--set " + override + ": " + e.getMessage()));
        }
    }

    private static String quoted(String value) {
        return ConfigUtil.quoteString(value);
    }
}
