package dev.coppice.driver.config;

import dev.coppice.worker.task.calibration.CalibrationSettings;

/**
 * Text that language models are watched on.
 *
 * @param data the file, an absolute path or a URI
 * @param settings how windows are drawn from it
 */
public record CalibrationText(String data, CalibrationSettings settings) {}
