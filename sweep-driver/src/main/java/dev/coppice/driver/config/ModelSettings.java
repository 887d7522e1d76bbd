package dev.coppice.driver.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model of the sweep.
 *
 * @param name its name in tables
 * @param path its folder
 * @param weights name of the weight file; null for the order of recognition
 */
public record ModelSettings(
        String name, Path path, @Nullable String weights) {}
