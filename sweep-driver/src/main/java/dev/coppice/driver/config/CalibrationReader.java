package dev.coppice.driver.config;

import com.typesafe.config.ConfigObject;
import dev.coppice.results.DidYouMean;
import dev.coppice.worker.task.calibration.CalibrationSettings;
import dev.coppice.worker.task.calibration.InputSettings;
import dev.coppice.worker.task.calibration.InputSource;
import dev.coppice.worker.task.calibration.Joining;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads what calibrated methods watch models on. */
final class CalibrationReader {

    private static final String CALIBRATION = "calibration";
    private static final String DATA = "data";
    private static final String INPUTS = "inputs";
    private static final String PRESET = "preset";
    private static final String LENGTH = "length";
    private static final String JOIN = "join";

    private final UnaryOperator<String> located;

    /** A reader for which {@code located} makes paths absolute. */
    CalibrationReader(UnaryOperator<String> located) {
        this.located = located;
    }

    /** The calibration of a sweep or a method; null where there is none. */
    @Nullable
    CalibrationSource read(Section owner) {
        if (!(owner.raw(CALIBRATION) instanceof ConfigObject)) {
            String text = owner.optionalText(CALIBRATION);
            if (text != null) {
                owner.problem(
                        CALIBRATION, "is " + text + ", expected an object { data = FILE } or { inputs = evaluation }");
            }
            return null;
        }
        Section section = owner.section(CALIBRATION);
        String data = section.optionalText(DATA);
        String inputs = section.optionalText(INPUTS);
        if (data == null && inputs == null) {
            owner.problem(
                    CALIBRATION,
                    "names nothing to watch models on; give it data = FILE for language models, inputs = evaluation for"
                            + " classifiers, or both");
        }
        Integer samples = section.optionalPositive("samples");
        Long seed = section.optionalNumber("seed");
        CalibrationSettings windows = windows(section, samples, seed);
        if (data == null) {
            requireNone(section);
        }
        section.finish();
        return new CalibrationSource(
                data == null ? null : new CalibrationText(located.apply(data), windows),
                inputs == null ? null : inputs(section, inputs, samples, seed));
    }

    private static CalibrationSettings windows(Section section, @Nullable Integer samples, @Nullable Long seed) {
        String preset = section.optionalText(PRESET);
        CalibrationSettings standard =
                preset == null ? CalibrationSettings.PAPER : CalibrationSettings.PRESETS.get(preset);
        if (standard == null) {
            section.problem(
                    PRESET,
                    "is \"" + preset + "\"; "
                            + DidYouMean.hint(String.valueOf(preset), CalibrationSettings.PRESETS.keySet()));
            standard = CalibrationSettings.PAPER;
        }
        Integer length = section.optionalPositive(LENGTH);
        String join = section.optionalText(JOIN);
        if (join != null && !Joining.labels().contains(join)) {
            section.problem(JOIN, "is \"" + join + "\"; " + DidYouMean.hint(join, Joining.labels()));
            join = null;
        }
        return new CalibrationSettings(
                Objects.requireNonNullElse(samples, standard.samples()),
                Objects.requireNonNullElse(length, standard.length()),
                Objects.requireNonNullElse(seed, standard.seed()),
                join == null ? standard.joining() : Joining.of(join));
    }

    /** Inputs are as long as the model takes them, and nothing joins them. */
    private static void requireNone(Section section) {
        for (String key : List.of(PRESET, LENGTH, JOIN)) {
            if (section.raw(key) != null) {
                section.problem(key, "says how windows are drawn from text, and there is no data");
            }
        }
    }

    private static InputSettings inputs(Section section, String name, @Nullable Integer samples, @Nullable Long seed) {
        InputSource source = InputSource.of(name);
        if (source == null) {
            section.problem(INPUTS, "is \"" + name + "\"; " + DidYouMean.hint(name, InputSource.labels()));
            source = InputSource.EVALUATION;
        }
        return new InputSettings(
                source,
                Objects.requireNonNullElse(samples, InputSettings.SAMPLES),
                Objects.requireNonNullElse(seed, 0L));
    }
}
