package dev.coppice.worker.prune;

import java.util.List;

/**
 * A setting of a method.
 *
 * @param name in configs and in a job's identity
 * @param standard its value where none is given
 * @param values all that it can be
 */
public record Parameter(String name, String standard, List<String> values) {

    public Parameter {
        values = List.copyOf(values);
    }
}
