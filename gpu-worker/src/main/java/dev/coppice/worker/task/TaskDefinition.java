package dev.coppice.worker.task;

import dev.coppice.worker.input.InputSpec;

/**
 * What a classification task is, whatever data it is run on.
 *
 * @param name name in configs and tables, such as smnist
 * @param version raised whenever the same model would get another number on the same data
 * @param protocol how the metric is computed, in a word
 * @param split which part of the data is read
 * @param inputs what its examples are, for models to accept or refuse
 * @param layout what the data looks like, in a sentence; docs/tasks.md says more
 * @param files which files inside the data path are read
 */
public record TaskDefinition(
        String name, String version, String protocol, String split, InputSpec inputs, String layout, String files) {}
