package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.model.ModelBatch;
import org.jspecify.annotations.Nullable;

/**
 * Packed sequences of tokens.
 *
 * @param ids of all sequences, one after the other (R)
 * @param segments where each sequence lies
 * @param start what the sequences go on from; null for the beginning
 */
public record TokenBatch(
        int[] ids, Segments segments, @Nullable Continuation start) implements ModelBatch {

    @Override
    public int rows() {
        return ids.length;
    }

    @Override
    public long bytes() {
        return (long) Integer.BYTES * ids.length;
    }

    /**
     * States after earlier sequences, shared where several sequences go on from the same one.
     *
     * @param states after S' earlier sequences
     * @param parents (S), which of them each sequence goes on from
     */
    public record Continuation(LanguageState states, int[] parents) {}

    /** Sequences from their beginning. */
    public static TokenBatch of(int[]... sequences) {
        int[] lengths = new int[sequences.length];
        for (int s = 0; s < lengths.length; s++) {
            lengths[s] = sequences[s].length;
        }
        Segments segments = Segments.ofLengths(lengths);
        int[] ids = new int[segments.rows()];
        for (int s = 0; s < lengths.length; s++) {
            System.arraycopy(sequences[s], 0, ids, segments.start(s), lengths[s]);
        }
        return new TokenBatch(ids, segments, null);
    }
}
