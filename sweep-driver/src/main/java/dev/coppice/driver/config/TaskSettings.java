package dev.coppice.driver.config;

import org.jspecify.annotations.Nullable;

/**
 * A task of the sweep.
 *
 * @param name its name
 * @param data file or folder of its data, an absolute path or a Hadoop URI
 * @param limit the first N examples only; null for all
 */
public record TaskSettings(
        String name, String data, @Nullable Integer limit) {}
