package dev.coppice.driver.config;

import dev.coppice.results.JobSpec;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.Parameter;
import dev.coppice.worker.prune.PruningMethod;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A pruning method of the sweep.
 *
 * @param name its name
 * @param params its parameters, those that are not given at their standard values
 * @param seeds its seeds; empty for a method without randomness
 * @param calibration what it watches models on; null for a method that needs none
 * @param batchNormExamples examples to measure the batch norms of pruned models on; null to leave them as they are
 * @param place of the config that names it, file:line where there is one; empty for the dense model
 */
public record MethodSettings(
        String name,
        SortedMap<String, String> params,
        List<Long> seeds,
        @Nullable CalibrationSource calibration,
        @Nullable Integer batchNormExamples,
        String place) {

    /** The unpruned model. */
    public static final MethodSettings DENSE =
            new MethodSettings(JobSpec.DENSE, Collections.emptySortedMap(), List.of(), null, null, "");

    public MethodSettings {
        params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
        seeds = List.copyOf(seeds);
    }

    /** The method; not for the dense model. */
    public PruningMethod method() {
        return Methods.of(name, params);
    }

    /** Where it is named, for the end of a sentence: file and line in brackets; empty where it has none. */
    public String mention() {
        String file = place.substring(place.lastIndexOf('/') + 1);
        return file.matches(".*:[0-9]+") ? " (" + file + ")" : "";
    }

    /** The name, and the parameters that are not at their standard values. */
    public String label() {
        if (name.equals(JobSpec.DENSE)) {
            return name;
        }
        List<String> others = new ArrayList<>();
        for (Parameter parameter : Methods.parameters(name)) {
            String value = params.getOrDefault(parameter.name(), parameter.standard());
            if (!value.equals(parameter.standard())) {
                others.add(parameter.name() + " = " + value);
            }
        }
        return others.isEmpty() ? name : name + " with " + String.join(", ", others);
    }
}
