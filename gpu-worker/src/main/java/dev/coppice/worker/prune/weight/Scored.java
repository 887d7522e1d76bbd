package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.WeightMatrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A matrix whose weights can be scored, and room for what is left of it.
 *
 * @param weight (outputs, inputs)
 * @param room as weight, outside the heap, where a device may use it as it is; filled in by whoever prunes
 */
record Scored(WeightMatrix matrix, HostArray weight, MatrixScores scores, HostArray room) {

    static Scored of(WeightMatrix matrix, HostArray weight, MatrixScores scores) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(weight.bytes().remaining()).order(ByteOrder.LITTLE_ENDIAN);
        return new Scored(matrix, weight, scores, new HostArray(weight.dtype(), weight.shape(), bytes));
    }

    /** Weights of a piece of work. */
    private static final int PIECE_WEIGHTS = 1 << 18;

    /** Rows of a piece of work. */
    int rowsOfPiece() {
        return Math.max(1, PIECE_WEIGHTS / matrix.inputs());
    }

    /** Pieces that the rows make. */
    int pieces() {
        return (matrix.outputs() + rowsOfPiece() - 1) / rowsOfPiece();
    }

    /** First row of a piece. */
    int first(int piece) {
        return piece * rowsOfPiece();
    }

    /** Rows of a piece, the last of which may be smaller. */
    int rows(int piece) {
        return Math.min(rowsOfPiece(), matrix.outputs() - first(piece));
    }

    /** Scores of a piece: (rows, inputs). */
    float[] score(int piece) {
        return scores.of(first(piece), weight.rows(first(piece), rows(piece)));
    }
}
