package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Precision;
import java.util.ArrayList;
import java.util.List;

/** What the kernels around {@code tile_product.cuh} have in common. */
final class TileProducts {

    /** Rows of a tile. */
    static final int TILE = 64;

    private static final int OLDEST = 80;
    private static final int OF_WARP = 32; // channels
    private static final int MOST_CHANNELS = 512;
    private static final int PADDING = 4; // against bank conflicts
    private static final int HALVES_PADDING = 8;

    private TileProducts() {}

    /** Channels filled up to whole warps. */
    static int padded(int channels) {
        return (channels + OF_WARP - 1) / OF_WARP * OF_WARP;
    }

    /** Threads of a block. */
    static int threads(int channels) {
        return padded(channels);
    }

    /** Bytes of a tile of this many columns of float32 in shared memory. */
    static int floatBytes(int columns) {
        return TILE * (columns + PADDING) * Float.BYTES;
    }

    /** Bytes of a tile that is float16, with a scale for each row, where the precision is tf32. */
    static int bytes(CudaRuntime runtime, int columns) {
        return runtime.precision() == Precision.TF32
                ? TILE * (Float.BYTES + (columns + HALVES_PADDING) * DType.FLOAT16.bytes())
                : floatBytes(columns);
    }

    /** Whether the GPU has the tensor cores and the shared memory for these channels. */
    static boolean suit(CudaRuntime runtime, int channels, int sharedBytes) {
        return runtime.type() == DType.FLOAT32
                && runtime.device().architecture() >= OLDEST
                && channels <= MOST_CHANNELS
                && sharedBytes <= runtime.device().sharedBytes();
    }

    /** A source compiled for a number of channels and for the products of a precision, with further choices. */
    static KernelSource source(String file, int channels, Precision precision, String... choices) {
        int padded = padded(channels);
        List<String> defines = new ArrayList<>(List.of(
                "PADDED=" + padded,
                "WHOLE=" + (padded == channels ? 1 : 0),
                "TERMS=" + (precision == Precision.TF32 ? 1 : 3)));
        defines.addAll(List.of(choices));
        return new KernelSource(file, defines);
    }
}
