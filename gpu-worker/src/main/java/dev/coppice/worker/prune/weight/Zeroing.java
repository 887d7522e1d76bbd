package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.HostArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;

/** A copy of a matrix in which weights become zeros, made piece by piece. Threads may take different pieces; each is taken once. */
final class Zeroing {

    private final Scored scored;
    private final HostArray copy;
    private final AtomicLong zeros = new AtomicLong();

    /** A copy outside the heap, where a device may use it as it is. */
    Zeroing(Scored scored) {
        this.scored = scored;
        HostArray weight = scored.weight();
        ByteBuffer bytes = ByteBuffer.allocateDirect(weight.bytes().remaining());
        copy = new HostArray(weight.dtype(), weight.shape(), bytes.order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Copies a piece, with zeros for the marked weights: marks (rows, inputs). */
    void zero(int piece, boolean[] marks) {
        ByteBuffer bytes = copy.bytes();
        int size = copy.dtype().bytes();
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
        return new PrunedMatrix(scored.matrix(), copy, zeros.get());
    }
}
