package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coppice inspect}: what a model is, without running it. */
@Command(
        name = "inspect",
        description =
                "Shows a model's architecture, config, tensors, parameters, prunable states or weights, and fingerprint.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "MODEL", description = "The model's folder.")
    private Path folder = Path.of("");

    @Option(names = "--weights", paramLabel = "FILE", description = "Which of the folder's weight files to read.")
    private @Nullable String weights;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Inspection model = Inspection.of(folder, weights);
        if (json) {
            JsonMapper mapper = JsonMapper.builder().build();
            spec.commandLine()
                    .getOut()
                    .println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json(model, mapper)));
        } else {
            InspectionText.print(model, spec.commandLine().getOut());
        }
        return ExitCodes.OK;
    }

    private static ObjectNode json(Inspection model, JsonMapper mapper) {
        ObjectNode root = mapper.createObjectNode();
        root.put("architecture", model.architecture());
        root.put("weights", model.weightsFile().toString());
        root.put("fingerprint", model.fingerprint());
        root.put("parameters", model.parameters());
        root.put("mixer_parameters", model.mixerParameters());
        root.put("state_size", model.stateSize());
        root.put("state_bytes", model.stateBytes());
        root.put("bytes", model.bytes());
        root.put("prunable_states", model.states());
        root.set("config", model.config());
        ArrayNode layers = root.putArray("layers");
        for (Inspection.Layer layer : model.layers()) {
            layers.addObject()
                    .put("layer", layer.layer())
                    .put("states", layer.states())
                    .put("lambda_bar_abs_min", layer.smallest())
                    .put("lambda_bar_abs_max", layer.largest())
                    .put("unstable", layer.unstable());
        }
        LanguageParts language = model.language();
        if (language != null) {
            addLanguage(root, language);
        }
        ArrayNode tensors = root.putArray("tensors");
        for (Inspection.NamedTensor tensor : model.tensors()) {
            tensors.addObject()
                    .put("name", tensor.name())
                    .put("dtype", tensor.dtype())
                    .set("shape", mapper.valueToTree(tensor.shape()));
        }
        return root;
    }

    private static void addLanguage(ObjectNode root, LanguageParts language) {
        ObjectNode parts = root.putObject("language")
                .put("vocabulary", language.vocabulary())
                .put("width", language.width())
                .put("layers", language.layers())
                .put("tied_embeddings", language.tied())
                .put("context_limit", language.contextLimit())
                .put("prunable_weights", language.prunableWeights());
        ArrayNode matrices = parts.putArray("prunable_matrices");
        for (LanguageParts.Matrices each : language.matrices()) {
            matrices.addObject()
                    .put("role", BenchLine.name(each.role()))
                    .put("number", each.count())
                    .put("weights", each.weights());
        }
    }
}
