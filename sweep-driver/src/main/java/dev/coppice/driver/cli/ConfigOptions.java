package dev.coppice.driver.cli;

import dev.coppice.driver.config.ConfigLoader;
import dev.coppice.driver.config.SweepSettings;
import dev.coppice.results.store.ResultStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The config file and the overrides that most commands take. */
final class ConfigOptions {

    @Parameters(paramLabel = "CONFIG", description = "The sweep's config file.")
    private Path file = Path.of("");

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Overrides a key of the config, such as sweep.ratios=[0.5]. May be given several times.")
    private List<String> overrides = new ArrayList<>();

    SweepSettings load() {
        return ConfigLoader.load(file, overrides);
    }

    ResultStore store(SweepSettings settings) {
        return ResultStore.at(settings.output());
    }

    /** The file as the user named it. */
    Path file() {
        return file;
    }
}
