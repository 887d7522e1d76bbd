package dev.coppice.worker.prune.weight;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** A copy of a matrix in which weights become zeros, made in its room piece by piece. Threads may take different pieces; each is taken once. */
final class Zeroing {

    private final Scored scored;
    private final AtomicLong zeros = new AtomicLong();

    Zeroing(Scored scored) {
        this.scored = scored;
    }

    /** Copies a piece, with zeros for the marked weights: marks (rows, inputs). */
    void zero(int piece, boolean[] marks) {
        ByteBuffer bytes = scored.room().bytes();
        int size = scored.room().dtype().bytes();
        int start = scored.first(piece) * scored.matrix().inputs() * size;
        int length = marks.length * size;
        bytes.put(start, scored.weight().bytes(), scored.weight().bytes().position() + start, length);
        int marked = 0;
        for (int i = 0; i < marks.length; i++) {
            int kept = marks[i] ? 0 : -1; // all bits of it, without a branch that nobody can foresee
            marked += kept + 1;
            int at = start + i * size;
            switch (size) {
                case Short.BYTES -> bytes.putShort(at, (short) (bytes.getShort(at) & kept));
                case Integer.BYTES -> bytes.putInt(at, bytes.getInt(at) & kept);
                default -> bytes.putLong(at, bytes.getLong(at) & kept);
            }
        }
        zeros.addAndGet(marked);
    }

    PrunedMatrix result() {
        return new PrunedMatrix(scored.matrix(), scored.room(), zeros.get());
    }
}
