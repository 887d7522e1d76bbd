package dev.coppice.driver.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import dev.coppice.results.DidYouMean;
import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.job.Backends;
import dev.coppice.worker.job.WorkerSettings;
import dev.coppice.worker.task.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns a resolved config into settings and reports every problem on the way. */
final class SettingsReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*");

    private static final String TRAINING = "training";

    private final Problems problems = new Problems();
    private final Section root;
    private final Path folder;

    SettingsReader(Config config, Path folder) {
        // System properties that happen to share reference.conf's roots are no part of a sweep.
        this.root = new Section("", config.root(), problems);
        this.folder = folder;
    }

    /** The settings of a sweep. */
    SweepSettings read() {
        return read(true);
    }

    /** Settings that name models and methods alone. */
    SweepSettings readWithoutTasks() {
        return read(false);
    }

    private SweepSettings read(boolean needsTasks) {
        Section sweep = root.section("sweep");
        Section worker = root.section("worker");
        Section spark = root.section("spark");
        root.finish();
        Section limits = sweep.section("limits");
        Integer examples = limits.optionalPositive("examples");
        Duration jobTime = limits.optionalDuration("job-time");
        limits.finish();
        String name = name(sweep, "name");
        List<ModelSettings> models = models(sweep);
        List<TaskSettings> tasks = needsTasks ? tasks(sweep, examples) : List.of();
        List<MethodSettings> methods = new MethodsReader(sweep, this::located).read();
        requireSome(sweep, "methods");
        RatiosReader.Read ratios = new RatiosReader(sweep).read();
        List<CellRule> include = rules(sweep, "includes");
        List<CellRule> exclude = rules(sweep, "excludes");
        String output = located(sweep.text("output"));
        sweep.finish();
        String backend = backend(worker);
        Precision precision = precision(worker, backend);
        WorkerSettings workerSettings = new WorkerSettings(
                backend,
                worker.texts("device"),
                worker.positive("threads"),
                worker.bytes("cache"),
                worker.flag("samples"),
                new MemoryShare(worker.optionalBytes("device-memory"), 1));
        worker.finish();
        SparkSettings sparkSettings = new SparkSettings(
                spark.optionalText("master"), spark.section("conf").leaves());
        spark.finish();
        problems.throwIfAny();
        return new SweepSettings(
                name,
                models,
                tasks,
                methods,
                ratios.ratios(),
                ratios.maxLoss(),
                include,
                exclude,
                output,
                jobTime,
                precision,
                workerSettings,
                sparkSettings);
    }

    private String name(Section section, String key) {
        String name = section.text(key);
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            section.problem(key, "is \"" + name + "\"; a name has letters, digits, \".\", \"_\" and \"-\"");
        }
        return name;
    }

    private static String backend(Section worker) {
        String name = worker.text("backend");
        if (!name.isEmpty() && !Backends.names().contains(name)) {
            worker.problem("backend", "is \"" + name + "\"; " + Backends.instead(name));
        }
        return name;
    }

    private String choice(Section section, String key, List<String> choices) {
        String value = section.text(key);
        if (!value.isEmpty() && !choices.contains(value)) {
            section.problem(key, "is \"" + value + "\"; " + DidYouMean.hint(value, choices));
        }
        return value;
    }

    /** The arithmetic, which the backend must have for some kind of model; whether for each one, the plan says. */
    private Precision precision(Section worker, String backendName) {
        String name = choice(worker, "precision", Precision.names());
        if (!Precision.names().contains(name)) {
            return Precision.FLOAT32; // the config is refused
        }
        Precision precision = Precision.of(name);
        if (Backends.names().contains(backendName)) {
            Backend backend = Backends.of(backendName);
            if (!backend.precisions().contains(precision)
                    && !backend.classifierPrecisions().contains(precision)) {
                worker.problem("precision", "is " + name + "; the " + backendName + " backend does not compute in it");
            }
        }
        return precision;
    }

    /** A path relative to the config's folder, or a URI as it stands. */
    private String located(String location) {
        return URI.matcher(location).matches()
                ? location
                : folder.resolve(location).normalize().toString();
    }

    private List<ModelSettings> models(Section sweep) {
        List<ModelSettings> models = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<ConfigValue> values = sweep.list("models");
        for (int i = 0; i < values.size(); i++) {
            Section model = sweep.element("models", i, values.get(i));
            if (model != null) {
                String name = name(model, "name");
                String path = model.text("path");
                models.add(new ModelSettings(name, folder.resolve(path).normalize(), model.optionalText("weights")));
                model.finish();
                requireNew(names, name, model);
            }
        }
        requireSome(sweep, "models");
        return models;
    }

    private List<TaskSettings> tasks(Section sweep, @Nullable Integer examples) {
        List<TaskSettings> tasks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<ConfigValue> values = sweep.list("tasks");
        for (int i = 0; i < values.size(); i++) {
            Section task = sweep.element("tasks", i, values.get(i));
            if (task != null) {
                String name = choice(task, "name", Tasks.names());
                Integer limit = task.optionalPositive("limit");
                TaskSettings settings = new TaskSettings(
                        name,
                        located(task.text("data")),
                        limit == null ? examples : limit,
                        task.optionalPositive("length"),
                        task.optionalText("protocol"),
                        training(task, name));
                checkParams(task, settings);
                tasks.add(settings);
                task.finish();
                String protocol = settings.protocol();
                requireNew(names, protocol == null ? name : name + " with protocol = " + protocol, task);
            }
        }
        requireSome(sweep, "tasks");
        return tasks;
    }

    /** Where more data of a task lies; null for none. */
    private @Nullable String training(Section task, String name) {
        String path = task.optionalText(TRAINING);
        if (path != null
                && Tasks.names().contains(name)
                && Tasks.definition(name).inputs().kind() == InputKind.LANGUAGE) {
            task.problem(
                    TRAINING,
                    "is " + path + "; classifiers are calibrated on it, and " + name + " has none: language models are"
                            + " watched on the data of the calibration");
        }
        return path == null ? null : located(path);
    }

    /** Whether the task has such parameters is for the task to say, one after the other. */
    private static void checkParams(Section section, TaskSettings task) {
        SortedMap<String, String> params = new TreeMap<>();
        if (!Tasks.names().contains(task.name())) {
            return;
        }
        task.params().forEach((key, value) -> {
            params.put(key, value);
            try {
                Tasks.protocol(task.name(), params);
            } catch (IllegalArgumentException e) {
                params.remove(key);
                section.problem(key, "is " + value + "; " + e.getMessage());
            }
        });
    }

    private static void requireNew(Set<String> names, String name, Section section) {
        if (!name.isEmpty() && !names.add(name)) {
            section.problem("name", "is there twice: " + name);
        }
    }

    private static void requireSome(Section sweep, String key) {
        if (sweep.raw(key) instanceof ConfigList list && list.isEmpty()) {
            sweep.problem(key, "is empty; expected at least one");
        }
    }

    private List<CellRule> rules(Section sweep, String key) {
        List<CellRule> rules = new ArrayList<>();
        List<ConfigValue> values = sweep.list(key);
        for (int i = 0; i < values.size(); i++) {
            Section rule = sweep.element(key, i, values.get(i));
            if (rule != null) {
                String ratio = orAny(rule.optionalText("ratio"));
                try {
                    rules.add(new CellRule(
                            CellRule.glob(orAny(rule.optionalText("model"))),
                            CellRule.glob(orAny(rule.optionalText("task"))),
                            CellRule.glob(orAny(rule.optionalText("method"))),
                            CellRule.comparison(ratio)));
                } catch (IllegalArgumentException e) {
                    rule.problem("ratio", "is " + e.getMessage());
                }
                rule.finish();
            }
        }
        return rules;
    }

    private static String orAny(@Nullable String pattern) {
        return pattern == null ? "*" : pattern;
    }
}
