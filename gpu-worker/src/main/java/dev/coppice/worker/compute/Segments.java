package dev.coppice.worker.compute;

/**
 * Where the sequences of a packed batch lie: sequence s has the rows offsets[s] to offsets[s + 1] - 1.
 *
 * @param offsets (S + 1), ascending from 0; a sequence may be empty
 */
public record Segments(int[] offsets) {

    public Segments {
        offsets = offsets.clone();
        if (offsets.length == 0 || offsets[0] != 0) {
            throw new IllegalArgumentException("segments begin at row 0");
        }
        for (int s = 1; s < offsets.length; s++) {
            if (offsets[s] < offsets[s - 1]) {
                throw new IllegalArgumentException("segment " + (s - 1) + " ends before it begins");
            }
        }
    }

    /** Sequences of these lengths, one after the other. */
    public static Segments ofLengths(int... lengths) {
        int[] offsets = new int[lengths.length + 1];
        for (int s = 0; s < lengths.length; s++) {
            offsets[s + 1] = Math.addExact(offsets[s], lengths[s]);
        }
        return new Segments(offsets);
    }

    /** Number of sequences, S. */
    public int count() {
        return offsets.length - 1;
    }

    /** Rows of all sequences, R. */
    public int rows() {
        return offsets[count()];
    }

    /** First row of sequence {@code s}. */
    public int start(int s) {
        return offsets[s];
    }

    /** Rows of sequence {@code s}. */
    public int length(int s) {
        return offsets[s + 1] - offsets[s];
    }

    /**
     * Where each row comes from once every sequence follows the rows of its parent in {@code past}: a row of those, or -1 - row of
     * these.
     *
     * @param parents of each sequence; (S)
     */
    public int[] after(Segments past, int[] parents) {
        int rows = rows();
        for (int parent : parents) {
            rows = Math.addExact(rows, past.length(parent));
        }
        int[] from = new int[rows];
        int next = 0;
        for (int s = 0; s < count(); s++) {
            for (int t = 0; t < past.length(parents[s]); t++) {
                from[next++] = past.start(parents[s]) + t;
            }
            for (int t = 0; t < length(s); t++) {
                from[next++] = -1 - (start(s) + t);
            }
        }
        return from;
    }
}
