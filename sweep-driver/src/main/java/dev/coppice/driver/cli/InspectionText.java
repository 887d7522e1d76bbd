package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Map;

/** An {@link Inspection} in words. */
final class InspectionText {

    private InspectionText() {}

    static void print(Inspection model, PrintWriter out) {
        out.printf("architecture      %s%n", model.architecture());
        out.printf("weights           %s%n", model.weightsFile());
        out.printf("fingerprint       %s%n", model.fingerprint());
        out.printf(
                "parameters        %,d, of them %,d in the state-space layers%n",
                model.parameters(), model.mixerParameters());
        out.printf("state             %,d real numbers a sequence, %,d bytes%n", model.stateSize(), model.stateBytes());
        out.printf("memory            %,d bytes%n", model.bytes());
        LanguageParts language = model.language();
        if (language != null) {
            printShape(language, out);
        }
        out.printf("%nconfig%n");
        for (Map.Entry<String, JsonNode> key : model.config().properties()) {
            out.printf("  %-26s %s%n", key.getKey(), brief(key.getValue()));
        }
        if (!model.layers().isEmpty()) {
            out.printf("%nprunable states: %,d%n", model.states());
            out.printf("  %5s %8s  %-25s %s%n", "layer", "states", "|lambda_bar|", "unstable");
            for (Inspection.Layer layer : model.layers()) {
                out.printf(
                        "  %5d %8d  %-25s %s%n",
                        layer.layer(),
                        layer.states(),
                        String.format("%.9f to %.9f", layer.smallest(), layer.largest()),
                        layer.unstable() == 0 ? "-" : layer.unstable());
            }
        }
        if (language != null) {
            out.printf("%nprunable weights: %,d%n", language.prunableWeights());
            out.printf("  %-14s %8s %15s%n", "matrices", "number", "weights");
            for (LanguageParts.Matrices matrices : language.matrices()) {
                out.printf(
                        "  %-14s %8d %,15d%n", BenchLine.name(matrices.role()), matrices.count(), matrices.weights());
            }
        }
        int width = model.tensors().stream()
                .mapToInt(tensor -> tensor.name().length())
                .max()
                .orElse(1);
        out.printf("%ntensors: %d%n", model.tensors().size());
        for (Inspection.NamedTensor tensor : model.tensors()) {
            out.printf(
                    "  %-" + width + "s  %-8s %-20s %,12d%n",
                    tensor.name(),
                    tensor.dtype(),
                    Arrays.toString(tensor.shape()).replace(" ", ""),
                    tensor.elements());
        }
    }

    private static void printShape(LanguageParts language, PrintWriter out) {
        out.printf("layers            %d of width %,d%n", language.layers(), language.width());
        out.printf(
                "vocabulary        %,d rows, %s%n",
                language.vocabulary(), language.tied() ? "tied to the head" : "the head is another matrix");
        out.printf(
                "context           %s%n",
                language.contextLimit() == null ? "any length" : "up to %,d tokens".formatted(language.contextLimit()));
    }

    /** Scalars and small lists as they are, others by their size. */
    private static String brief(JsonNode value) {
        String text = value.toString();
        if (!value.isContainerNode() || text.length() <= 60) {
            return text;
        }
        return value.size() + (value.isArray() ? " values" : " keys");
    }
}
