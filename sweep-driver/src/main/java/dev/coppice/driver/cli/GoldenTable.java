package dev.coppice.driver.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.job.verify.TensorComparison;
import dev.coppice.worker.job.verify.Verification;
import java.io.PrintWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A {@link Verification} as a table or JSON. */
final class GoldenTable {

    private GoldenTable() {}

    /** A line a tensor, then what was not compared, then the verdict. */
    static void print(Verification verification, double tolerance, PrintWriter out) {
        int width = verification.comparisons().stream()
                .mapToInt(comparison -> comparison.name().length())
                .max()
                .orElse(0);
        out.printf(
                "%-" + Math.max(width, 6) + "s  %-16s %12s %12s %12s%n",
                "tensor",
                "shape",
                "absolute",
                "relative",
                "error");
        for (TensorComparison comparison : verification.comparisons()) {
            out.printf(
                    "%-" + Math.max(width, 6) + "s  %-16s %12s %12s %12s%s%n",
                    comparison.name(),
                    Arrays.toString(comparison.shape()).replace(" ", ""),
                    number(comparison.problem() == null ? (Double) comparison.absoluteError() : null),
                    number(comparison.relativeError()),
                    number(comparison.problem() == null ? (Double) comparison.error() : null),
                    remark(comparison, tolerance));
        }
        if (!verification.notCompared().isEmpty()) {
            out.printf("%nnot compared: %s%n", String.join(", ", verification.notCompared()));
        }
        long beyond = verification.comparisons().stream()
                .filter(comparison -> comparison.error() > tolerance)
                .count();
        out.printf(
                "%n%d tensors compared, %d beyond the tolerance of %s; error = %s%n",
                verification.comparisons().size(),
                beyond,
                tolerance,
                verification.measure().formula());
    }

    private static String number(@Nullable Double value) {
        return value == null ? "-" : value == 0 ? "0" : String.format("%.3g", value);
    }

    private static String remark(TensorComparison comparison, double tolerance) {
        if (comparison.problem() != null) {
            return "  BEYOND: " + comparison.problem();
        }
        return comparison.error() > tolerance ? "  BEYOND" : "";
    }

    /** The same for programs; numbers are null where a tensor has a problem. */
    static void printJson(Verification verification, double tolerance, PrintWriter out) throws JsonProcessingException {
        JsonMapper json = JsonMapper.builder().build();
        ObjectNode root = json.createObjectNode();
        root.put("passed", verification.largestError() <= tolerance);
        root.put("tolerance", tolerance);
        root.put("error", verification.measure().formula());
        ArrayNode tensors = root.putArray("tensors");
        for (TensorComparison comparison : verification.comparisons()) {
            ObjectNode tensor = tensors.addObject();
            boolean comparable = comparison.problem() == null;
            tensor.put("name", comparison.name());
            tensor.set("shape", json.valueToTree(comparison.shape()));
            tensor.put("absolute_error", comparable ? (Double) comparison.absoluteError() : null);
            tensor.put("relative_error", comparison.relativeError());
            tensor.put("error", comparable ? (Double) comparison.error() : null);
            tensor.put("problem", comparison.problem());
        }
        root.set("not_compared", json.valueToTree(verification.notCompared()));
        out.println(json.writerWithDefaultPrettyPrinter().writeValueAsString(root));
    }
}
