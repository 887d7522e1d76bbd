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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** All pruning methods by name; docs/methods.md describes them. */
public final class Methods {

    private static final Set<String> DIAGONAL = Set.of("s5", "s4d");

    private static final Map<String, PruningMethod> METHODS = byName(
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
            state("random", StateScore.RANDOM, NONE, UNIFORM, DIAGONAL));

    private Methods() {}

    private static PruningMethod state(
            String name,
            StateScore score,
            Normalisation normalisation,
            Allocation allocation,
            Set<String> architectures) {
        return new StateMethod(name, score, normalisation, allocation, architectures);
    }

    private static Map<String, PruningMethod> byName(PruningMethod... methods) {
        Map<String, PruningMethod> byName = new LinkedHashMap<>();
        for (PruningMethod method : methods) {
            byName.put(method.name(), method);
        }
        return byName;
    }

    /** The methods' names, in the order of the documentation. */
    public static List<String> names() {
        return new ArrayList<>(METHODS.keySet());
    }

    /** The method of this name; null when there is none. */
    public static @Nullable PruningMethod find(String name) {
        return METHODS.get(name);
    }

    /**
     * The method of this name with these parameters.
     *
     * @param parameters none of today's methods has any
     * @throws IllegalArgumentException when there is no such method or parameter; the message says what to write
     */
    public static PruningMethod of(String name, SortedMap<String, String> parameters) {
        PruningMethod method = of(name);
        if (!parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    "the method " + name + " has no parameters; remove " + String.join(", ", parameters.keySet()));
        }
        return method;
    }

    /**
     * The method of this name.
     *
     * @throws IllegalArgumentException when there is none; the message offers the nearest name
     */
    public static PruningMethod of(String name) {
        PruningMethod method = METHODS.get(name);
        if (method == null) {
            throw new IllegalArgumentException(
                    "there is no pruning method \"" + name + "\"; " + DidYouMean.hint(name, METHODS.keySet()));
        }
        return method;
    }
}
