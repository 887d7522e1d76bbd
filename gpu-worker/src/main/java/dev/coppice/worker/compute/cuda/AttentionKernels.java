package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.AttentionInputs;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Segments;
import java.util.ArrayList;
import java.util.List;

/**
 * Launches of {@code attention_tiled.cu}, for 16-bit elements on tensor cores, and of {@code attention_plain.cu}, for everything
 * else. R query rows, R' key rows, P head width, S sequences.
 */
final class AttentionKernels {

    static final List<KernelSource> SOURCES = sources();

    private static final int THREADS = 128;
    private static final int TILED_ROWS = 64;
    private static final int PLAIN_ROWS = 32;
    private static final int MOST_TILED_WIDTH = 128; // more does not fit the registers
    private static final int OLDEST_TENSOR_CORES = 80;

    private AttentionKernels() {}

    private static List<KernelSource> sources() {
        List<KernelSource> sources = new ArrayList<>();
        for (DType type : CudaTypes.ELEMENTS) {
            sources.add(plain(type, 64));
            sources.add(plain(type, MOST_TILED_WIDTH));
            if (type != DType.FLOAT32) {
                sources.add(tiled(type, 64, 1));
                sources.add(tiled(type, MOST_TILED_WIDTH, 1));
                sources.add(tiled(type, MOST_TILED_WIDTH, 0));
            }
        }
        return sources;
    }

    private static KernelSource plain(DType type, int width) {
        return new KernelSource("attention_plain.cu", "ELEMENT=" + CudaTypes.element(type), "WIDTH=" + padded(width));
    }

    private static KernelSource tiled(DType type, int width, int aligned) {
        return new KernelSource(
                "attention_tiled.cu",
                "ELEMENT=" + CudaTypes.element(type),
                "WIDTH=" + padded(width),
                "ALIGNED=" + aligned);
    }

    private static int padded(int width) {
        return (width + 15) / 16 * 16;
    }

    /** Result (R, heads P). */
    static CudaTensor run(CudaRuntime runtime, AttentionInputs in) {
        CudaColumns query = CudaColumns.of(in.query());
        Segments segments = in.segments();
        int width = in.width();
        if (plainBytes(width) > runtime.device().sharedBytes()) {
            throw new IllegalArgumentException(
                    "heads of " + width + " columns do not fit the shared memory of this GPU, "
                            + runtime.device().sharedBytes() + " bytes; use the cpu backend");
        }
        DType type = query.dtype();
        boolean tiled = type != DType.FLOAT32
                && width <= MOST_TILED_WIDTH
                && runtime.device().architecture() >= OLDEST_TENSOR_CORES;
        int aligned = query.aligned() && width % CudaTypes.lanes(type) == 0 ? 1 : 0;
        int rows = tiled ? TILED_ROWS : PLAIN_ROWS;
        double scale = (tiled ? 1 / Math.log(2) : 1) / Math.sqrt(width);
        int[] blocks = Along.blocks(segments, rows);
        long offsets = runtime.offsets(segments);
        long keyOffsets = runtime.offsets(in.keySegments());
        long blockOffsets = runtime.ints(blocks);
        CudaTensor out = runtime.allocate(type, segments.rows(), query.count());
        runtime.launch(
                        tiled ? tiled(type, width, aligned) : plain(type, width),
                        tiled ? "attention_tiled" : "attention_plain")
                .grid((long) blocks[segments.count()] * in.heads())
                .block(THREADS)
                .shared(tiled ? tiledBytes(width) : plainBytes(width))
                .pointer(query)
                .int64(query.stride())
                .pointer(CudaTensor.of(in.keys()))
                .pointer(CudaTensor.of(in.values()))
                .pointer(offsets)
                .pointer(keyOffsets)
                .pointer(blockOffsets)
                .int32(segments.count())
                .pointer(out)
                .int32(in.heads())
                .int32(in.kvHeads())
                .int32(width)
                .float32(scale)
                .run();
        return out;
    }

    /** Keys and values. */
    private static int tiledBytes(int width) {
        return 2 * TILED_ROWS * (padded(width) + 8) * Short.BYTES;
    }

    /** Queries, keys or values, and the softmax's weights. */
    private static int plainBytes(int width) {
        return (2 * PLAIN_ROWS * (padded(width) + 4) + PLAIN_ROWS * (PLAIN_ROWS + 1)) * Float.BYTES;
    }
}
