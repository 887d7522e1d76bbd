package dev.coppice.driver.plan;

import dev.coppice.driver.config.CalibrationSource;
import dev.coppice.worker.task.calibration.CalibrationData;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Calibration data that is there.
 *
 * @param path its file
 * @param identity what a job's identity says of it
 * @param shortage why it is too short; null where it may do
 */
record ResolvedCalibration(
        String path,
        SortedMap<String, String> identity,
        @Nullable String shortage) {

    /** Throws DataException when it is not there or cannot be read. */
    static ResolvedCalibration of(CalibrationSource source) {
        CalibrationData data = CalibrationData.at(source.data());
        return new ResolvedCalibration(
                source.data(), source.settings().identity(data.sha256()), data.shortage(source.settings()));
    }
}
