package dev.coppice.driver.config;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.coppice.results.DidYouMean;
import dev.coppice.results.JobSpec;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.Parameter;
import dev.coppice.worker.prune.PruningMethod;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads the pruning methods of a sweep, and what they calibrate on. */
final class MethodsReader {

    private static final String METHODS = "methods";
    private static final String CALIBRATION = "calibration";

    private final Section sweep;
    private final CalibrationReader calibrations;
    private final List<Long> sharedSeeds;
    private final @Nullable CalibrationSource sharedCalibration;
    private final Set<String> names = new HashSet<>();

    /**
     * A reader of {@code sweep}.
     *
     * @param located makes a path absolute
     */
    MethodsReader(Section sweep, UnaryOperator<String> located) {
        this.sweep = sweep;
        calibrations = new CalibrationReader(located);
        sharedSeeds = sweep.numbers("seeds");
        sharedCalibration = calibrations.read(sweep);
    }

    List<MethodSettings> read() {
        List<MethodSettings> methods = new ArrayList<>();
        List<ConfigValue> values = sweep.list(METHODS);
        for (int i = 0; i < values.size(); i++) {
            MethodSettings method = values.get(i).valueType() == ConfigValueType.STRING
                    ? named(i, values.get(i))
                    : described(i, values.get(i));
            if (method != null) {
                methods.add(method);
            }
        }
        return methods;
    }

    /** A method of which nothing but the name is given. */
    private @Nullable MethodSettings named(int index, ConfigValue value) {
        String name = String.valueOf(value.unwrapped());
        if (!names.add(name)) {
            sweep.elementProblem(METHODS, index, value, "is there twice: " + name);
        }
        if (name.equals(JobSpec.DENSE)) {
            return MethodSettings.DENSE;
        }
        if (!Methods.names().contains(name)) {
            sweep.elementProblem(
                    METHODS, index, value, "is \"" + name + "\"; " + DidYouMean.hint(name, Methods.names()));
            return null;
        }
        SortedMap<String, String> params = Methods.complete(name, Collections.emptySortedMap());
        PruningMethod method = Methods.of(name, params);
        if (method.calibrated() && sharedCalibration == null) {
            sweep.elementProblem(METHODS, index, value, "is " + name + ", " + uncalibrated());
        }
        return settings(name, params, method, sharedSeeds, sharedCalibration, null, Problems.place(value.origin()));
    }

    private @Nullable MethodSettings described(int index, ConfigValue value) {
        Section section = sweep.element(METHODS, index, value);
        if (section == null) {
            return null;
        }
        String name = section.text("name");
        List<Long> seeds = section.raw("seeds") == null ? sharedSeeds : section.numbers("seeds");
        Integer examples = section.optionalPositive("reestimate-batch-norm");
        CalibrationSource calibration = calibrations.read(section);
        if (!Methods.names().contains(name)) {
            if (!name.isEmpty()) {
                section.problem("name", "is \"" + name + "\"; " + DidYouMean.hint(name, Methods.names()));
            }
            return null;
        }
        SortedMap<String, String> params = Methods.complete(name, params(section, name));
        section.finish();
        PruningMethod method;
        try {
            method = Methods.of(name, params);
        } catch (IllegalArgumentException e) { // values that are fine by themselves, and not together
            section.problem("name", "is " + name + ": " + e.getMessage());
            return null;
        }
        if (calibration != null && !method.calibrated()) {
            section.problem(CALIBRATION, "is there, and " + name + " needs none");
        }
        CalibrationSource own = calibration == null ? sharedCalibration : calibration;
        if (method.calibrated() && own == null && section.raw(CALIBRATION) == null) {
            section.problem("name", "is " + name + ", " + uncalibrated());
        }
        MethodSettings settings = settings(name, params, method, seeds, own, examples, section.place());
        requireNew(settings, section);
        return settings;
    }

    private static String uncalibrated() {
        return "which watches models on calibration data; give the method or the sweep a calibration { data = FILE } for"
                + " language models, or { inputs = evaluation } for classifiers";
    }

    private static SortedMap<String, String> params(Section section, String name) {
        SortedMap<String, String> params = new TreeMap<>();
        for (Parameter parameter : Methods.parameters(name)) {
            String value = section.optionalText(parameter.name());
            if (value != null && parameter.values().contains(value)) {
                params.put(parameter.name(), value);
            } else if (value != null) {
                section.problem(
                        parameter.name(), "is \"" + value + "\"; " + DidYouMean.hint(value, parameter.values()));
            }
        }
        return params;
    }

    private static MethodSettings settings(
            String name,
            SortedMap<String, String> params,
            PruningMethod method,
            List<Long> seeds,
            @Nullable CalibrationSource calibration,
            @Nullable Integer batchNormExamples,
            String place) {
        return new MethodSettings(
                name,
                params,
                method.random() ? seeds : List.of(),
                method.calibrated() ? calibration : null,
                batchNormExamples,
                place);
    }

    /** A method may be there several times, as long as something about it differs. */
    private void requireNew(MethodSettings method, Section section) {
        StringBuilder text = new StringBuilder(method.label());
        if (method.batchNormExamples() != null) {
            text.append(" with reestimate-batch-norm = ").append(method.batchNormExamples());
        }
        CalibrationSource calibration = method.calibration();
        boolean own = calibration != null && !calibration.equals(sharedCalibration);
        if (!names.add(own ? text + " " + calibration : text.toString())) {
            section.problem("name", "is there twice: " + text + (own ? " with the same calibration" : ""));
        }
    }
}
