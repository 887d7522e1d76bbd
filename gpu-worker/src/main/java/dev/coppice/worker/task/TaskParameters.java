package dev.coppice.worker.task;

import dev.coppice.results.DidYouMean;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a config may say about a task.
 *
 * @param limit the first N documents or examples only; null for all
 * @param length most tokens that a language model is fed at once; null for the task's own
 * @param protocol how the metric is computed; null for the task's own
 * @param dataSha256 which data is meant; null for whatever lies there
 */
public record TaskParameters(
        @Nullable Integer limit,
        @Nullable Integer length,
        @Nullable String protocol,
        @Nullable String dataSha256) {

    /** The parameter that takes the first N examples only. */
    public static final String LIMIT = "limit";

    /** The parameter that bounds what a language model is fed at once, in tokens. */
    public static final String LENGTH = "length";

    /** The parameter that names how the metric is computed. */
    public static final String PROTOCOL = "protocol";

    /** The parameter that says which data is meant: {@link Tasks#dataSha256} must give its value. */
    public static final String DATA_SHA256 = "dataSha256";

    /**
     * The parameters of a job's identity.
     *
     * @param task for messages
     * @param known parameters that the task has besides {@value #DATA_SHA256}
     * @throws IllegalArgumentException for another parameter, or a number that is not a whole one from 1
     */
    static TaskParameters of(String task, List<String> known, SortedMap<String, String> parameters) {
        for (String parameter : parameters.keySet()) {
            if (!known.contains(parameter) && !parameter.equals(DATA_SHA256)) {
                throw new IllegalArgumentException("task " + task + " has no parameter \"" + parameter + "\"; "
                        + DidYouMean.hint(parameter, known));
            }
        }
        return new TaskParameters(
                number(task, LIMIT, parameters.get(LIMIT)),
                number(task, LENGTH, parameters.get(LENGTH)),
                parameters.get(PROTOCOL),
                parameters.get(DATA_SHA256));
    }

    private static @Nullable Integer number(String task, String name, @Nullable String value) {
        if (value == null) {
            return null;
        }
        if (!value.matches("0*[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException(
                    "the " + name + " of task " + task + " must be a whole number from 1, not \"" + value + "\"");
        }
        return Integer.valueOf(value);
    }

    /** {@link #limit}, or more than there can be. */
    public int limitOrAll() {
        return limit == null ? Integer.MAX_VALUE : limit;
    }
}
