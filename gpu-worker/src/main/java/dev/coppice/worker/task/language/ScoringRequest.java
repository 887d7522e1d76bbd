package dev.coppice.worker.task.language;

/**
 * A question to a language model, in tokens.
 *
 * @param input what the model is fed, from its zero state (L)
 * @param targets what its last T positions must predict (T), 1 to L of them
 * @param truncated tokens at the start of the context that the limit cut off
 */
public record ScoringRequest(int[] input, int[] targets, int truncated) {

    /** Position in the input that predicts the first target. */
    public int firstScored() {
        return input.length - targets.length;
    }
}
