package dev.coppice.worker.prune.weight;

import dev.coppice.worker.prune.LayerWalk.Propagation;
import dev.coppice.worker.prune.MethodEntry;
import dev.coppice.worker.prune.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All methods that prune weights. */
public final class WeightMethods {

    private static final Parameter TARGETS = new Parameter("targets", "mixer", Targets.labels());
    private static final Parameter ALL_TARGETS = new Parameter("targets", "all", Targets.labels());
    private static final Parameter PATTERN = new Parameter("pattern", Pattern.NONE, Pattern.LABELS);
    private static final Parameter PROPAGATE = new Parameter("propagate", "pruned", List.of("pruned", "dense"));
    private static final Parameter COMPARED_INPUTS = allocation(
            WeightAllocation.ROW, WeightAllocation.ALPHA_SEARCH, WeightAllocation.MATRIX, WeightAllocation.LAYER);
    private static final Parameter COMPARED_WEIGHTS =
            allocation(WeightAllocation.MATRIX, WeightAllocation.ROW, WeightAllocation.LAYER, WeightAllocation.GLOBAL);

    private WeightMethods() {}

    /** The methods, in the order of the documentation. */
    public static List<MethodEntry> entries() {
        return List.of(
                chosen("wanda", WeightScore.WANDA, COMPARED_INPUTS, TARGETS, PATTERN, PROPAGATE, COMPARED_INPUTS),
                chosen("weight-magnitude", WeightScore.MAGNITUDE, COMPARED_WEIGHTS, TARGETS, PATTERN, COMPARED_WEIGHTS),
                fixed(
                        "weight-magnitude-repo-compat",
                        WeightScore.MAGNITUDE,
                        WeightAllocation.MATRIX_REPO_COMPAT,
                        ALL_TARGETS),
                fixed("weight-lamp", WeightScore.MAGNITUDE, WeightAllocation.LAMP, TARGETS),
                fixed("weight-random", WeightScore.RANDOM, WeightAllocation.MATRIX, TARGETS, PATTERN),
                new MethodEntry(
                        "sparsegpt",
                        List.of(TARGETS, PATTERN, PROPAGATE),
                        values -> new SparseGpt("sparsegpt", targets(values), pattern(values), propagation(values))));
    }

    private static Parameter allocation(WeightAllocation... values) {
        List<String> labels = Arrays.stream(values).map(WeightAllocation::label).toList();
        return new Parameter("allocation", labels.get(0), labels);
    }

    /** A method whose allocation is a parameter. */
    private static MethodEntry chosen(String name, WeightScore score, Parameter allocation, Parameter... parameters) {
        return new MethodEntry(name, List.of(parameters), values -> {
            String chosen = value(values, allocation);
            if (pattern(values) != null && !chosen.equals(allocation.standard())) {
                throw new IllegalArgumentException("a pattern compares the weights of a group, so that allocation = "
                        + chosen + " has no meaning beside it; remove one of them");
            }
            return method(name, score, WeightAllocation.of(chosen), values);
        });
    }

    private static MethodEntry fixed(
            String name, WeightScore score, WeightAllocation allocation, Parameter... parameters) {
        return new MethodEntry(name, List.of(parameters), values -> method(name, score, allocation, values));
    }

    private static WeightMethod method(
            String name, WeightScore score, WeightAllocation allocation, Map<String, String> values) {
        return new WeightMethod(name, score, allocation, targets(values), pattern(values), propagation(values));
    }

    private static String value(Map<String, String> values, Parameter parameter) {
        return Objects.requireNonNullElse(values.get(parameter.name()), parameter.standard());
    }

    private static Targets targets(Map<String, String> values) {
        return Targets.of(value(values, TARGETS));
    }

    private static @Nullable Pattern pattern(Map<String, String> values) {
        return Pattern.of(value(values, PATTERN));
    }

    private static Propagation propagation(Map<String, String> values) {
        return Propagation.valueOf(value(values, PROPAGATE).toUpperCase(Locale.ROOT));
    }
}
