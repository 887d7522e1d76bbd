package dev.coppice.driver.config;

import dev.coppice.worker.task.calibration.CalibrationSettings;

/**
 * Calibration data of a sweep or of one of its methods.
 *
 * @param data the file, an absolute path or a URI
 * @param settings how windows are drawn from it
 */
public record CalibrationSource(String data, CalibrationSettings settings) {}
