package dev.coppice.worker.task.language;

import dev.coppice.worker.task.ParameterException;
import org.jspecify.annotations.Nullable;

/** How many tokens a model is fed at once: lm-evaluation-harness's max_length. */
final class FedLength {

    /** Its default for models without a bound of their own, such as state-space models. */
    private static final int DEFAULT_TOKENS = 2048;

    private FedLength() {}

    /**
     * The task's length, or {@value #DEFAULT_TOKENS} where it has none and the model's positions allow it.
     *
     * @param task for messages
     * @param length what the config says; null for nothing
     * @param contextLimit most tokens that the model's positions allow; null for any number
     * @throws ParameterException when the config asks for more than the model's positions allow
     */
    static int of(String task, @Nullable Integer length, @Nullable Integer contextLimit) {
        if (length == null) {
            return contextLimit == null ? DEFAULT_TOKENS : Math.min(DEFAULT_TOKENS, contextLimit);
        }
        requireWithin(task, length, contextLimit);
        return length;
    }

    /** Throws ParameterException when the model's positions don't allow {@code tokens}. */
    static void requireWithin(String task, int tokens, @Nullable Integer contextLimit) {
        if (contextLimit != null && tokens > contextLimit) {
            throw new ParameterException(
                    "task " + task + " feeds " + tokens + " tokens at once, the model has positions for " + contextLimit
                            + "; give the task a smaller length or window");
        }
    }
}
