package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.coppice.driver.config.ConfigLoader;
import dev.coppice.driver.config.SweepSettings;
import dev.coppice.driver.config.TaskSettings;
import dev.coppice.driver.plan.PruningPlan;
import dev.coppice.worker.job.IllegalRequestException;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.job.ModelPruner;
import dev.coppice.worker.job.export.Size;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coppice prune}: a pruned model as a checkpoint. */
@Command(
        name = "prune",
        description = {
            "Prunes a model and writes it as a checkpoint in the layout that it was published in:",
            "the same names and types, with zeros where something is pruned, or smaller with --compact."
        },
        mixinStandardHelpOptions = true)
final class PruneCommand implements Callable<Integer> {

    private static final MathContext SIX_DIGITS = new MathContext(6);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private PrunedModelOptions model = new PrunedModelOptions();

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "The task on whose inputs a method watches a classifier; nothing is evaluated.")
    private @Nullable String task;

    @Option(names = "--data", paramLabel = "PATH", description = "File or folder of the task's data, or a URI.")
    private @Nullable String data;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The pruned model's folder.")
    private Path out = Path.of("");

    @Option(names = "--compact", description = "Leave out what is pruned, where the layout can say it.")
    private boolean compact;

    @Option(names = "--threads", paramLabel = "N", description = "Processor threads. Default: all.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private ShardSizeOption shardSize = new ShardSizeOption();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (!model.prunes()) {
            throw new UsageException("say what to prune with --method and --ratio");
        }
        Map<String, Object> keys = model.keys();
        keys.put("name", "prune");
        keys.put("output", ".");
        List<String> overrides = new ArrayList<>(List.of("worker.threads=" + threads));
        overrides.addAll(model.overrides());
        SweepSettings settings = settings(keys, overrides);
        TaskSettings inputs =
                settings.tasks().isEmpty() ? null : settings.tasks().get(0);
        JobTicket ticket = PruningPlan.ticket(settings, inputs);
        print(ticket, pruned(settings, ticket, shardSize.bytes()));
        return ExitCodes.OK;
    }

    private SweepSettings settings(Map<String, Object> keys, List<String> overrides) {
        String named = task;
        if (named == null) {
            if (data != null || model.training() != null) {
                throw new UsageException("--data and --training are a task's; name it with --task");
            }
            return ConfigLoader.withoutTasks(keys, Path.of(""), overrides);
        }
        String path = data != null ? data : model.calibratesOnTraining() ? model.training() : null;
        if (path == null) {
            throw new UsageException("--task " + named + " needs its data: --data, or --training with"
                    + " --calibration-inputs training");
        }
        keys.put("tasks", List.of(model.taskKeys(named, path)));
        return ConfigLoader.of(keys, Path.of(""), overrides);
    }

    private ModelPruner.Pruned pruned(SweepSettings settings, JobTicket ticket, long shardBytes) {
        try {
            return pruner(settings).write(ticket, compact ? Size.SMALLER : Size.SAME, out, shardBytes);
        } catch (IllegalRequestException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static ModelPruner pruner(SweepSettings settings) {
        try {
            return new ModelPruner(settings.worker());
        } catch (IllegalStateException e) { // the device, or something that it needs, is not there
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private void print(JobTicket ticket, ModelPruner.Pruned pruned) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("folder", out.toString());
        fields.put("model", ticket.spec().model());
        fields.put("architecture", pruned.architecture());
        fields.put("method", ticket.spec().method());
        fields.put("ratio_requested", ticket.spec().ratio());
        fields.put("ratio_achieved", pruned.achievedRatio());
        fields.put("kept_per_layer", pruned.keptPerLayer());
        fields.put("tensors", pruned.tensors());
        fields.put("bytes", pruned.bytes());
        if (!pruned.flags().isEmpty()) {
            fields.put("flags", pruned.flags());
        }
        PrintWriter printer = spec.commandLine().getOut();
        if (json) {
            printer.println(JsonMapper.builder()
                    .build()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(fields));
        } else {
            fields.forEach((name, value) -> printer.printf(Locale.ROOT, "%-16s%s%n", name, text(value)));
        }
        printer.flush();
    }

    private static String text(Object value) {
        if (value instanceof Double number) {
            return new BigDecimal(number, SIX_DIGITS).stripTrailingZeros().toPlainString();
        }
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(" "))
                : value.toString();
    }
}
