package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import org.jspecify.annotations.Nullable;

/**
 * Launches of {@code siso_tiled.cu}: an S4D layer as products of small matrices on tensor cores.
 *
 * @param channels H
 * @param directions 1 or 2
 * @param columns K, state columns
 * @param outputs see {@link SisoTiles}, as are the others, float32
 */
record SisoTiled(
        int channels,
        int directions,
        int columns,
        CudaTensor outputs,
        CudaTensor inputs,
        CudaTensor turns,
        CudaTensor within,
        CudaTensor scales)
        implements SisoForm {

    private static final int CHANNELS = 8; // of a block, a warp each
    private static final int SEQUENCES = 16; // of a block
    private static final int WARP = 32;
    private static final int PANEL_FLOATS = 16 * 24 + 4; // sixteen steps of sixteen sequences in shared memory, padded
    private static final int TILE_BYTES = 512; // of a (16, 8) operand in pairs of float16

    static SisoTiled of(CudaRuntime runtime, SisoTiles tiles) {
        return new SisoTiled(
                tiles.channels(),
                tiles.directions(),
                tiles.columns(),
                CudaSiso.tensor(runtime, tiles.outputs()),
                CudaSiso.tensor(runtime, tiles.inputs()),
                CudaSiso.tensor(runtime, tiles.turns()),
                CudaSiso.tensor(runtime, tiles.within()),
                CudaSiso.tensor(runtime, tiles.scales()));
    }

    static KernelSource source(DType type, int directions, int columns, int whole) {
        return new KernelSource(
                "siso_tiled.cu",
                "ELEMENT=" + CudaTypes.element(type),
                "DIRECTIONS=" + directions,
                "TILES=" + columns / SisoTiles.COLUMNS,
                "CHANNELS=" + CHANNELS,
                "WHOLE=" + whole);
    }

    @Override
    public void run(CudaRuntime runtime, CudaTensor u, @Nullable CudaTensor partial, CudaTensor y) {
        int sequences = u.shape()[0];
        int columnBlocks = (channels + CHANNELS - 1) / CHANNELS;
        int rowBlocks = (sequences + SEQUENCES - 1) / SEQUENCES;
        int blocks = Math.multiplyExact(columnBlocks * directions, rowBlocks);
        CudaTensor flags = null; // of how far a block has come
        if (directions == 2) {
            flags = runtime.allocate(DType.FLOAT32, blocks);
            runtime.clear(flags);
        }
        runtime.launch(source(u.dtype(), directions, columns, channels % 4 == 0 ? 1 : 0), "siso_tiled")
                .grid(blocks)
                .block(WARP * CHANNELS)
                .shared(sharedBytes(columns))
                .pointer(u)
                .pointer(outputs)
                .pointer(inputs)
                .pointer(turns)
                .pointer(within)
                .pointer(scales)
                .pointer(partial)
                .pointer(flags)
                .pointer(y)
                .int32(sequences)
                .int32(channels)
                .int32(u.shape()[1])
                .run();
        runtime.drop(flags);
    }

    /** Two panels of steps and the operands of all channels. */
    static int sharedBytes(int columns) {
        int tiles = 4 * columns / SisoTiles.COLUMNS + 2;
        return CHANNELS * (2 * PANEL_FLOATS * Float.BYTES + tiles * TILE_BYTES);
    }
}
