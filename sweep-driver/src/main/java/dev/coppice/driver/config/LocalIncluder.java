package dev.coppice.driver.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.net.URL;
import java.nio.file.Path;

/** Includes files from the config's own folder and below, and nothing else: a config must not reach into the network or the system. */
final class LocalIncluder implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

    private final Path folder;

    LocalIncluder(Path folder) {
        this.folder = folder;
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        return includeFile(context, new File(what));
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        Path file = folder.resolve(what.toPath()).normalize();
        if (!file.startsWith(folder)) {
            throw refused(what.toString());
        }
        return ConfigFactory.parseFile(file.toFile(), context.parseOptions().setAllowMissing(false))
                .root();
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        throw refused(what.toString());
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        throw refused(what);
    }

    private ConfigException refused(String what) {
        return new ConfigException.BadPath(what, "a config includes only files below its own folder " + folder);
    }
}
