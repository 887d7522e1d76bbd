package dev.coppice.driver.cli;

import dev.coppice.worker.task.calibration.InputSource;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model, pruned how: the options of commands that work on one. They become keys of a sweep's config, and are checked as those. */
final class PrunedModelOptions {

    private static final String DENSE = "dense";

    @Option(names = "--model", paramLabel = "DIR", required = true, description = "The model's folder.")
    private Path model = Path.of("");

    @Option(names = "--name", paramLabel = "NAME", description = "The model's name. Default: that of its folder.")
    private @Nullable String name;

    @Option(names = "--weights", paramLabel = "FILE", description = "Which of several weight files in the folder.")
    private @Nullable String weights;

    @Option(names = "--method", paramLabel = "NAME", description = "The pruning method; see coppice list methods.")
    private @Nullable String method;

    @Option(names = "--ratio", paramLabel = "R", description = "Fraction to prune, in (0, 1).")
    private @Nullable BigDecimal ratio;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of a method that draws random numbers. Default: 0.")
    private long seed;

    @Option(
            names = "--param",
            paramLabel = "KEY=VALUE",
            description = "A setting of the method, such as reestimate-batch-norm=128. May be given several times.")
    private Map<String, String> params = new LinkedHashMap<>();

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = "Text or tokens that a method watches a language model on; more by --set"
                    + " sweep.calibration.samples=N and the like.")
    private @Nullable Path calibration;

    @Option(
            names = "--calibration-inputs",
            paramLabel = "SOURCE",
            description = "Which inputs of the task a method watches a classifier on: evaluation, those of --data, or"
                    + " training, those of --training.")
    private @Nullable String calibrationInputs;

    @Option(
            names = "--training",
            paramLabel = "PATH",
            description = "Other data of the task than is evaluated, in the same layout, to calibrate on.")
    private @Nullable String training;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of a sweep's config, such as worker.backend=cpu. May be given several times.")
    private List<String> overrides = new ArrayList<>();

    /** Whether a method is named, other than the dense model. */
    boolean prunes() {
        return method != null && !method.equals(DENSE);
    }

    /** The keys of {@code sweep} that say so. The dense model is the method dense. */
    Map<String, Object> keys() {
        if ((method == null || method.equals(DENSE)) != (ratio == null)) {
            throw new UsageException("--method and --ratio go together; without both it is the dense model");
        }
        if (ratio != null && ratio.signum() == 0) {
            throw new UsageException("--ratio 0 is the dense model: leave --method and --ratio out");
        }
        String chosen = method == null ? DENSE : method;
        Map<String, Object> modelKeys = new LinkedHashMap<>();
        Path folder = model.toAbsolutePath().normalize();
        modelKeys.put("name", name != null ? name : String.valueOf(folder.getFileName()));
        modelKeys.put("path", folder.toString());
        if (weights != null) {
            modelKeys.put("weights", weights);
        }
        Map<String, Object> methodKeys = new LinkedHashMap<>(params);
        methodKeys.put("name", chosen);
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("models", List.of(modelKeys));
        keys.put("methods", List.of(chosen.equals(DENSE) ? chosen : methodKeys));
        keys.put("ratios", ratio == null ? List.of() : List.of(ratio.toPlainString()));
        Map<String, Object> calibrationKeys = new LinkedHashMap<>();
        if (calibration != null) {
            calibrationKeys.put("data", calibration.toAbsolutePath().toString());
        }
        if (calibrationInputs != null) {
            calibrationKeys.put("inputs", calibrationInputs);
        }
        if (!calibrationKeys.isEmpty()) {
            keys.put("calibration", calibrationKeys);
        }
        keys.put("seeds", List.of(seed));
        keys.put("includes", List.of(Map.of("method", chosen)));
        return keys;
    }

    /** The keys of a task of this name. */
    Map<String, Object> taskKeys(String task, String data) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", task);
        keys.put("data", data);
        if (training != null) {
            keys.put("training", training);
        }
        return keys;
    }

    /** Whether classifiers are watched on that other data. */
    boolean calibratesOnTraining() {
        return InputSource.TRAINING.label().equals(calibrationInputs);
    }

    /** Where other data of the task lies; null for none. */
    @Nullable
    String training() {
        return training;
    }

    List<String> overrides() {
        return overrides;
    }
}
