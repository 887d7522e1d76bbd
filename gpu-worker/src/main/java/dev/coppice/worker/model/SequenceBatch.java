package dev.coppice.worker.model;

import org.jspecify.annotations.Nullable;

/**
 * Encoded sequences, all padded to one length. Either tokens or values are there.
 *
 * @param sequences B
 * @param steps T
 * @param tokens ids; (B, T)
 * @param values channels of each step; (B, T, channels)
 * @param channels length of a step's values; 0 with tokens
 * @param lengths valid steps of each sequence; (B)
 */
public record SequenceBatch(
        int sequences, int steps, int @Nullable [] tokens, float @Nullable [] values, int channels, int[] lengths)
        implements ModelBatch {

    public SequenceBatch {
        if ((tokens == null) == (values == null)) {
            throw new IllegalArgumentException("a batch has either tokens or values");
        }
    }

    /** A batch of token ids (B, T). */
    public static SequenceBatch ofTokens(int sequences, int steps, int[] tokens, int[] lengths) {
        return new SequenceBatch(sequences, steps, tokens, null, 0, lengths);
    }

    /** A batch of values (B, T, channels). */
    public static SequenceBatch ofValues(int sequences, int steps, int channels, float[] values, int[] lengths) {
        return new SequenceBatch(sequences, steps, null, values, channels, lengths);
    }

    /** The steps of all sequences, padding included. */
    @Override
    public int rows() {
        return sequences * steps;
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * rows() * (values == null ? 1 : channels) + (long) Integer.BYTES * sequences;
    }

    /** Valid steps of all sequences. */
    public long validSteps() {
        long sum = 0;
        for (int length : lengths) {
            sum += length;
        }
        return sum;
    }
}
