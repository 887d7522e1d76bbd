package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Shapes;

/** Moving rows of packed sequences. R rows, D columns. */
final class PackedRows {

    private static final int ROWS = 64; // of a piece

    private PackedRows() {}

    /** Rows of table (V, D) by id; out (ids, D). */
    static void embedding(int[] ids, CpuMatrix table, CpuTensor out, Workers workers) {
        Shapes.ids(ids, "row", table.outputs());
        workers.run(Workers.pieces(ids.length, ROWS), (piece, scratch) -> {
            for (int i = piece * ROWS; i < Math.min(ids.length, (piece + 1) * ROWS); i++) {
                table.copyRow(ids[i], out.buffer(), i * table.inputs());
            }
        });
    }

    /** out row i = x row rows[i]. */
    static void gather(CpuTensor x, int[] rows, int from, int count, CpuTensor out) {
        int width = x.columns();
        for (int i = 0; i < count; i++) {
            Memory.copy(x.buffer(), rows[from + i] * width, out.buffer(), i * width, width);
        }
    }

    /** For each sequence its parent's rows of {@code past}, then its own rows of x. */
    static void append(
            CpuTensor past, Segments pastSegments, int[] parents, CpuColumns x, Segments segments, CpuTensor out) {
        int width = x.count();
        int to = 0;
        for (int s = 0; s < segments.count(); s++) {
            int length = pastSegments.length(parents[s]);
            Memory.copy(past.buffer(), pastSegments.start(parents[s]) * width, out.buffer(), to, length * width);
            to += length * width;
            for (int i = 0; i < segments.length(s); i++) {
                Memory.copy(x.buffer(), x.row(segments.start(s) + i), out.buffer(), to, width);
                to += width;
            }
        }
    }
}
