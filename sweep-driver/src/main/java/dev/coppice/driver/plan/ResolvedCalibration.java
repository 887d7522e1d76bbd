package dev.coppice.driver.plan;

import dev.coppice.driver.config.CalibrationText;
import dev.coppice.driver.config.TaskSettings;
import dev.coppice.worker.task.Tasks;
import dev.coppice.worker.task.calibration.CalibrationData;
import dev.coppice.worker.task.calibration.CalibrationInputs;
import dev.coppice.worker.task.calibration.InputSettings;
import dev.coppice.worker.task.calibration.InputSource;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;

/**
 * Calibration data that is there.
 *
 * @param path its file or folder
 * @param identity what a job's identity says of it
 * @param extent whether it is too short
 */
record ResolvedCalibration(String path, SortedMap<String, String> identity, CalibrationData.Extent extent) {

    /** Throws DataException when it is not there or cannot be read. */
    static ResolvedCalibration of(CalibrationText text) {
        CalibrationData data = CalibrationData.at(text.data());
        return new ResolvedCalibration(
                text.data(), text.settings().identity(data.sha256()), data.extent(text.settings()));
    }

    /** Inputs of a task that has such data. Throws DataException when it is not there or cannot be read. */
    static ResolvedCalibration of(InputSettings inputs, TaskSettings task) {
        String path = inputs.source() == InputSource.TRAINING ? Objects.requireNonNull(task.training()) : task.data();
        CalibrationInputs all =
                new CalibrationInputs(Tasks.classification(task.name(), path, Collections.emptySortedMap()), path);
        return new ResolvedCalibration(
                path,
                inputs.identity(task.name(), Tasks.dataSha256(task.name(), path)),
                new CalibrationData.Extent(all.shortage(inputs), true));
    }
}
