package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Segments;
import java.util.ArrayList;
import java.util.List;

/** Launches of {@code rows.cu}. */
final class RowKernels {

    static final List<KernelSource> SOURCES = sources();

    private static final int THREADS = 256;
    private static final int WARP = 32;
    private static final int NARROW = 512; // rows that a warp copies

    private RowKernels() {}

    private static List<KernelSource> sources() {
        List<KernelSource> sources = new ArrayList<>();
        for (DType type : List.of(DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16)) {
            sources.add(source(type, type));
            if (type != DType.FLOAT32) {
                sources.add(source(type, DType.FLOAT32));
            }
        }
        return sources;
    }

    private static KernelSource source(DType x, DType y) {
        return new KernelSource("rows.cu", "X=" + CudaTypes.kernel(x), "Y=" + CudaTypes.kernel(y));
    }

    /** Rows of {@code table} by id, into {@code out} (ids, width). */
    static void gather(CudaRuntime runtime, CudaTensor table, long ids, CudaTensor out) {
        int ofRow = table.columns() <= NARROW ? WARP : THREADS;
        int rowsAtOnce = THREADS / ofRow;
        int rows = Math.toIntExact(out.rows());
        runtime.launch(source(table.dtype(), out.dtype()), "gather_rows")
                .grid(((long) rows + rowsAtOnce - 1) / rowsAtOnce)
                .block(ofRow, rowsAtOnce)
                .pointer(table)
                .pointer(ids)
                .int32(rows)
                .int32(table.columns())
                .pointer(out)
                .run();
    }

    /** Each sequence's rows of {@code past}, then its rows of x. */
    static CudaTensor append(
            CudaRuntime runtime,
            CudaTensor past,
            Segments pastSegments,
            int[] parents,
            CudaColumns x,
            Segments segments) {
        int[] sources = segments.after(pastSegments, parents);
        CudaTensor out = runtime.allocate(past.dtype(), sources.length, x.count());
        long address = runtime.ints(sources);
        runtime.launch(source(past.dtype(), past.dtype()), "append_rows")
                .grid(sources.length)
                .block(THREADS)
                .pointer(past)
                .pointer(x)
                .int32(x.stride())
                .pointer(address)
                .int32(x.count())
                .pointer(out)
                .run();
        return out;
    }

    /** Rotary positions of x (R, heads 2F), F frequencies. */
    static CudaTensor rotate(CudaRuntime runtime, CudaColumns x, int[] positions, double[] frequencies) {
        CudaTensor out = runtime.allocate(x.dtype(), positions.length, x.count());
        long places = runtime.ints(positions);
        long speeds = runtime.doubles(frequencies);
        runtime.launch(source(x.dtype(), x.dtype()), "rotate")
                .grid(positions.length)
                .block(64)
                .pointer(x)
                .int32(x.stride())
                .pointer(places)
                .pointer(speeds)
                .int32(frequencies.length)
                .int32(x.count() / (2 * frequencies.length))
                .pointer(out)
                .run();
        return out;
    }
}
