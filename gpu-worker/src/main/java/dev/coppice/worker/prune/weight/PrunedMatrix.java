package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.WeightMatrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A matrix after pruning.
 *
 * @param matrix which
 * @param weight (outputs, inputs) of the type it was stored in, with zeros in place of what is pruned
 * @param pruned number of weights that were pruned
 */
record PrunedMatrix(WeightMatrix matrix, HostArray weight, long pruned) {

    private static final int PIECE_WEIGHTS = 1 << 16;

    /** {@code weight} without what {@code choice} takes from each row; rows are shared among the threads of {@code compute}. */
    static PrunedMatrix byRow(
            Compute compute, WeightMatrix matrix, HostArray weight, MatrixScores scores, RowChoice choice) {
        HostArray copy = copy(weight);
        AtomicLong pruned = new AtomicLong();
        int columns = matrix.inputs();
        int rowsOfPiece = Math.max(1, PIECE_WEIGHTS / columns);
        int pieces = (matrix.outputs() + rowsOfPiece - 1) / rowsOfPiece;
        compute.parallel(pieces, (piece, lane) -> {
            int first = piece * rowsOfPiece;
            int rows = Math.min(rowsOfPiece, matrix.outputs() - first);
            float[] score = scores.of(first, weight.rows(first, rows)); // (rows, inputs)
            boolean[] marks = new boolean[score.length]; // (rows, inputs)
            float[] scratch = new float[columns];
            for (int row = 0; row < rows; row++) {
                choice.mark(score, row * columns, columns, scratch, marks);
            }
            pruned.addAndGet(zero(copy.rows(first, rows), marks));
        });
        return new PrunedMatrix(matrix, copy, pruned.get());
    }

    /** Outside the heap, where a device may use it as it is. */
    private static HostArray copy(HostArray weight) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(weight.bytes().remaining());
        bytes.put(weight.bytes().duplicate()).flip();
        return new HostArray(weight.dtype(), weight.shape(), bytes.order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Sets the marked elements to zero; returns their number. */
    private static int zero(HostArray rows, boolean[] marks) {
        int size = rows.dtype().bytes();
        int marked = 0;
        for (int i = 0; i < marks.length; i++) {
            if (marks[i]) {
                marked++;
                switch (size) {
                    case Short.BYTES -> rows.bytes().putShort(i * size, (short) 0);
                    case Integer.BYTES -> rows.bytes().putInt(i * size, 0);
                    default -> rows.bytes().putLong(i * size, 0);
                }
            }
        }
        return marked;
    }
}
