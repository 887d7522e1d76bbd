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
            if (marks[i]) {
                marked++;
                switch (size) {
                    case Short.BYTES -> bytes.putShort(start + i * size, (short) 0);
                    case Integer.BYTES -> bytes.putInt(start + i * size, 0);
                    default -> bytes.putLong(start + i * size, 0);
                }
            }
        }
        zeros.addAndGet(marked);
    }

    PrunedMatrix result() {
        return new PrunedMatrix(scored.matrix(), scored.room(), zeros.get());
    }
}
