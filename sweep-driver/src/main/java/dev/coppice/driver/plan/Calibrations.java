package dev.coppice.driver.plan;

import dev.coppice.driver.config.CalibrationSource;
import dev.coppice.driver.config.CalibrationText;
import dev.coppice.driver.config.TaskSettings;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.Tasks;
import dev.coppice.worker.task.calibration.CalibrationData;
import dev.coppice.worker.task.calibration.InputSettings;
import dev.coppice.worker.task.calibration.InputSource;
import dev.coppice.worker.tokenizer.Tokenizer;
import dev.coppice.worker.tokenizer.TokenizerException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What models are watched on, by task; each file is looked at once. */
final class Calibrations {

    private record Inputs(String task, InputSettings settings) {}

    private record Windows(CalibrationText text, Path model) {}

    private final List<String> unresolved;
    private final Map<CalibrationText, Optional<ResolvedCalibration>> texts = new HashMap<>();
    private final Map<Inputs, Optional<ResolvedCalibration>> inputs = new HashMap<>();
    private final Map<Windows, Optional<String>> shortages = new HashMap<>();

    /** Data that is not there is noted in {@code unresolved}. */
    Calibrations(List<String> unresolved) {
        this.unresolved = unresolved;
    }

    /** Why models of a task cannot be watched on what a config names; null when they can, if it is there. */
    static @Nullable String refusal(String method, CalibrationSource source, TaskSettings task) {
        return ofTexts(task) ? refusalOfText(method, source) : refusalOfInputs(method, source, task);
    }

    /** Why language models cannot be watched; null when they can. */
    static @Nullable String refusalOfText(String method, CalibrationSource source) {
        return source.text() != null
                ? null
                : method + " watches language models on text, and its calibration has none; add data = FILE";
    }

    /** Why classifiers cannot be watched; null when they can. */
    static @Nullable String refusalOfInputs(String method, CalibrationSource source, TaskSettings task) {
        InputSettings settings = source.inputs();
        if (settings == null) {
            return method + " watches classifiers on inputs of their task, and its calibration has text alone;"
                    + " add inputs = evaluation";
        }
        return settings.source() == InputSource.EVALUATION || task.training() != null
                ? null
                : method + " is calibrated on inputs = training, and task " + task.name()
                        + " has none; add training = PATH to the task";
    }

    private static boolean ofTexts(TaskSettings task) {
        return Tasks.definition(task.name()).inputs().kind() == InputKind.LANGUAGE;
    }

    /** What models of a task that is not refused are watched on; empty when it is not there. */
    Optional<ResolvedCalibration> of(CalibrationSource source, TaskSettings task) {
        if (ofTexts(task)) {
            return of(Objects.requireNonNull(source.text()));
        }
        InputSettings settings = Objects.requireNonNull(source.inputs());
        return inputs.computeIfAbsent(
                new Inputs(task.name(), settings),
                key -> resolved("calibration on " + task.name() + ": ", () -> ResolvedCalibration.of(settings, task)));
    }

    /** The windows of a text; empty when it is not there. */
    Optional<ResolvedCalibration> of(CalibrationText text) {
        return texts.computeIfAbsent(text, key -> resolved("calibration: ", () -> ResolvedCalibration.of(key)));
    }

    /** Why data of {@code source} is too short for a model; null when it is not. */
    @Nullable
    String shortage(ResolvedCalibration data, CalibrationSource source, ResolvedModel model) {
        CalibrationText text = source.text();
        if (data.extent().certain() || text == null) {
            return data.extent().shortage();
        }
        return shortages
                .computeIfAbsent(new Windows(text, model.settings().path()), Calibrations::shortage)
                .orElse(null);
    }

    private static Optional<String> shortage(Windows windows) {
        CalibrationText text = windows.text();
        try {
            Tokenizer tokenizer = Tokenizer.read(windows.model());
            return Optional.ofNullable(CalibrationData.at(text.data()).shortage(text.settings(), tokenizer));
        } catch (TokenizerException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Optional<ResolvedCalibration> resolved(String what, Supplier<ResolvedCalibration> read) {
        try {
            return Optional.of(read.get());
        } catch (DataException e) {
            unresolved.add(what + e.getMessage());
            return Optional.empty();
        }
    }
}
