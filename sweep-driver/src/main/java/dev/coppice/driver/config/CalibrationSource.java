package dev.coppice.driver.config;

import dev.coppice.worker.task.calibration.InputSettings;
import org.jspecify.annotations.Nullable;

/**
 * What the models of a sweep, or of one of its methods, are watched on; one of the two at least.
 *
 * @param text for language models; null for none
 * @param inputs of their tasks, for classifiers; null for none
 */
public record CalibrationSource(
        @Nullable CalibrationText text, @Nullable InputSettings inputs) {}
