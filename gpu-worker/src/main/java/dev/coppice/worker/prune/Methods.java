package dev.coppice.worker.prune;

import static dev.coppice.worker.prune.state.Allocation.GLOBAL;
import static dev.coppice.worker.prune.state.Allocation.UNIFORM;
import static dev.coppice.worker.prune.state.Normalisation.NONE;
import static dev.coppice.worker.prune.state.Normalisation.SUFFIX_SUM;

import dev.coppice.results.DidYouMean;
import dev.coppice.worker.prune.state.Allocation;
import dev.coppice.worker.prune.state.Normalisation;
import dev.coppice.worker.prune.state.StateMethod;
import dev.coppice.worker.prune.state.StateScore;
import dev.coppice.worker.prune.structure.StructureMethods;
import dev.coppice.worker.prune.weight.WeightMethods;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All pruning methods by name; docs/methods.md describes them. */
public final class Methods {

    private static final Set<String> DIAGONAL = Set.of("s5", "s4d");

    private static final Map<String, MethodEntry> METHODS = byName(
            List.of(
                    state("last", StateScore.HINF, SUFFIX_SUM, GLOBAL, DIAGONAL),
                    state("last-repo-compat", StateScore.HINF_REPO_COMPAT, SUFFIX_SUM, GLOBAL, Set.of("s5")),
                    state("uniform-hinf", StateScore.HINF, NONE, UNIFORM, DIAGONAL),
                    state("global-hinf", StateScore.HINF, NONE, GLOBAL, DIAGONAL),
                    state("aire", StateScore.H2, SUFFIX_SUM, GLOBAL, DIAGONAL),
                    state("uniform-h2", StateScore.H2, NONE, UNIFORM, DIAGONAL),
                    state("global-h2", StateScore.H2, NONE, GLOBAL, DIAGONAL),
                    state("uniform-magnitude", StateScore.MAGNITUDE, NONE, UNIFORM, DIAGONAL),
                    state("global-magnitude", StateScore.MAGNITUDE, NONE, GLOBAL, DIAGONAL),
                    state("lamp", StateScore.SQUARED_MAGNITUDE, SUFFIX_SUM, GLOBAL, DIAGONAL),
                    state("random", StateScore.RANDOM, NONE, UNIFORM, DIAGONAL)),
            WeightMethods.entries(),
            StructureMethods.entries());

    private Methods() {}

    private static MethodEntry state(
            String name,
            StateScore score,
            Normalisation normalisation,
            Allocation allocation,
            Set<String> architectures) {
        return MethodEntry.fixed(new StateMethod(name, score, normalisation, allocation, architectures));
    }

    @SafeVarargs
    private static Map<String, MethodEntry> byName(List<MethodEntry>... kinds) {
        Map<String, MethodEntry> byName = new LinkedHashMap<>();
        for (List<MethodEntry> kind : kinds) {
            kind.forEach(method -> byName.put(method.name(), method));
        }
        return byName;
    }

    /** The methods' names, in the order of the documentation. */
    public static List<String> names() {
        return new ArrayList<>(METHODS.keySet());
    }

    /**
     * The parameters of a method, in the order of the documentation.
     *
     * @throws IllegalArgumentException when there is no such method; the message offers the nearest name
     */
    public static List<Parameter> parameters(String name) {
        return entry(name).parameters();
    }

    /** The value that a parameter of a method has where none is given; empty when there is no such method or parameter. */
    public static String standard(String method, String parameter) {
        MethodEntry entry = METHODS.get(method);
        return entry == null
                ? ""
                : entry.parameters().stream()
                        .filter(one -> one.name().equals(parameter))
                        .map(Parameter::standard)
                        .findFirst()
                        .orElse("");
    }

    /** The parameters of a method as they are written into a job's identity: those given, and the standard values of the rest. */
    public static SortedMap<String, String> complete(String name, SortedMap<String, String> given) {
        SortedMap<String, String> all = new TreeMap<>(given);
        parameters(name).forEach(parameter -> all.putIfAbsent(parameter.name(), parameter.standard()));
        return all;
    }

    /**
     * The method of this name with these parameters; those that are not given have their standard values.
     *
     * @throws IllegalArgumentException when there is no such method, parameter or value; the message says what to write
     */
    public static PruningMethod of(String name, SortedMap<String, String> given) {
        MethodEntry entry = entry(name);
        given.forEach((key, value) -> requireFits(entry, key, value));
        return entry.make().apply(complete(name, given));
    }

    /** As {@link #of}; null where that throws, as for a model that is not pruned. */
    public static @Nullable PruningMethod find(String name, SortedMap<String, String> given) {
        try {
            return of(name, given);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void requireFits(MethodEntry entry, String key, String value) {
        Parameter parameter = entry.parameters().stream()
                .filter(one -> one.name().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the method " + entry.name() + " has "
                        + (entry.parameters().isEmpty()
                                ? "no parameters; remove " + key
                                : "no parameter " + key + "; "
                                        + DidYouMean.hint(
                                                key,
                                                entry.parameters().stream()
                                                        .map(Parameter::name)
                                                        .toList()))));
        if (!parameter.values().contains(value)) {
            throw new IllegalArgumentException(key + " of " + entry.name() + " is one of "
                    + String.join(", ", parameter.values()) + ", not \"" + value + "\"");
        }
    }

    /**
     * The method of this name, all parameters at their standard values.
     *
     * @throws IllegalArgumentException when there is none; the message offers the nearest name
     */
    public static PruningMethod of(String name) {
        return of(name, Collections.emptySortedMap());
    }

    private static MethodEntry entry(String name) {
        MethodEntry entry = METHODS.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(
                    "there is no pruning method \"" + name + "\"; " + DidYouMean.hint(name, METHODS.keySet()));
        }
        return entry;
    }
}
