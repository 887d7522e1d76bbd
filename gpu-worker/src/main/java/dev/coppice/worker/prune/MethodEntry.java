package dev.coppice.worker.prune;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A method before its parameters are known.
 *
 * @param name in configs and tables
 * @param parameters in the order of the documentation
 * @param make the method with values of all parameters; an {@link IllegalArgumentException} where they do not go together
 */
public record MethodEntry(String name, List<Parameter> parameters, Function<Map<String, String>, PruningMethod> make) {

    public MethodEntry {
        parameters = List.copyOf(parameters);
    }

    /** A method without parameters. */
    public static MethodEntry fixed(PruningMethod method) {
        return new MethodEntry(method.name(), List.of(), values -> method);
    }
}
