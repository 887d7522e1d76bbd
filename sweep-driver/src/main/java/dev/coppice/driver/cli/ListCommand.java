package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.Parameter;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.Tasks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coppice list}: the names that a config may use. */
@Command(
        name = "list",
        description = "Lists the model families, tasks or pruning methods that there are.",
        mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {

    private enum Kind {
        MODELS,
        TASKS,
        METHODS
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}")
    private Kind kind = Kind.METHODS;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Map<String, String> names = new LinkedHashMap<>();
        switch (kind) {
            case MODELS -> names.putAll(ModelFamilies.models());
            case TASKS -> Tasks.names().forEach(name -> names.put(name, describe(Tasks.definition(name))));
            case METHODS ->
                Methods.names().forEach(name -> names.put(name, describe(Methods.of(name), Methods.parameters(name))));
        }
        if (json) {
            spec.commandLine().getOut().println(JsonMapper.builder().build().writeValueAsString(names));
        } else {
            int width = names.keySet().stream().mapToInt(String::length).max().orElse(0);
            names.forEach((name, text) ->
                    spec.commandLine().getOut().printf("%s%s  %s%n", name, " ".repeat(width - name.length()), text));
        }
        return ExitCodes.OK;
    }

    private static String describe(TaskDefinition task) {
        String kind = task.inputs().kind() == InputKind.LANGUAGE
                ? "for language models, " + task.protocol()
                : task.inputs().classes() + " classes";
        return kind + "; data: " + task.files();
    }

    private static String describe(PruningMethod method, List<Parameter> parameters) {
        StringBuilder text = new StringBuilder("prunes " + method.granularity().label() + "s");
        text.append(method.random() ? ", by chance (takes seeds)" : "");
        text.append(method.calibrated() ? ", watches calibration data" : "");
        for (Parameter parameter : parameters) {
            text.append("; ").append(parameter.name()).append(" = ");
            text.append(String.join(" | ", parameter.values()));
        }
        return text.toString();
    }
}
