package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.Affine;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.MimoParameters;
import dev.coppice.worker.compute.MimoSsm;
import dev.coppice.worker.compute.Precision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An S5 layer on a GPU in tiles of steps, whose states are never in memory but at the tiles' ends: launches of {@code diagonal_input.cu},
 * {@code diagonal_ends.cu} and {@code diagonal_output.cu}. H channels, P states, in groups that are scanned at a time.
 *
 * @param group states of a group, a multiple of 8
 * @param b input matrix, see {@code diagonal_input.cu}; packed
 * @param c output matrices, the output factor and the minus of the imaginary part folded in, see {@code diagonal_output.cu}; packed
 * @param lam lamBar; (2, P)
 * @param turn lamBar to the power of a tile's steps; (2, P)
 * @param d skip weights; (H)
 */
record TiledMimo(
        int channels,
        int states,
        int directions,
        int group,
        PackedWeight b,
        PackedWeight c,
        CudaTensor lam,
        CudaTensor turn,
        CudaTensor d)
        implements MimoSsm {

    static final List<KernelSource> SOURCES = sources();

    private static final int MOST_STATES = 64; // of a group
    private static final int EIGHT = 8; // columns of a matrix product on tensor cores
    private static final int OF_WARP = 32; // columns
    private static final int THREADS = 128; // of diagonal_ends

    private static List<KernelSource> sources() {
        List<KernelSource> sources = new ArrayList<>();
        for (int directions = 1; directions <= 2; directions++) {
            sources.add(ends(directions));
            for (Precision precision : List.of(Precision.FLOAT32, Precision.TF32)) {
                for (int channels : new int[] {12, 128, 256, 512}) {
                    sources.add(source("diagonal_input.cu", channels, directions, precision));
                    sources.add(source("diagonal_output.cu", channels, directions, precision));
                }
            }
        }
        return sources;
    }

    private static KernelSource ends(int directions) {
        return new KernelSource("diagonal_ends.cu", "DIRECTIONS=" + directions);
    }

    private static KernelSource source(String file, int channels, int directions, Precision precision) {
        return TileProducts.source(file, channels, precision, "DIRECTIONS=" + directions);
    }

    private static int up(int count, int multiple) {
        return (count + multiple - 1) / multiple * multiple;
    }

    /** States of a group: as few groups as can be, of about one size. */
    private static int group(int states) {
        int groups = (states + MOST_STATES - 1) / MOST_STATES;
        return up((states + groups - 1) / groups, EIGHT);
    }

    /** Rows of the input matrix that a block of diagonal_input has. */
    private static int inputRows(int states) {
        return up(2 * up(states, EIGHT), OF_WARP);
    }

    private static int inputBytes(CudaRuntime runtime, int channels, int states) {
        int ofStates = TileProducts.TILE * (1 + 2 * up(states, EIGHT) + EIGHT) * Float.BYTES;
        return Math.max(TileProducts.bytes(runtime, TileProducts.padded(channels)), ofStates);
    }

    private static int outputBytes(int directions, int group) {
        return TileProducts.TILE * 2 * group * Float.BYTES + TileProducts.floatBytes(directions * 2 * group);
    }

    /** Whether the kernels run this system here. */
    static boolean suits(CudaRuntime runtime, MimoParameters p) {
        int states = p.states();
        if (states == 0 || inputRows(states) > TileProducts.padded(p.channels())) {
            return false;
        }
        int bytes = Math.max(inputBytes(runtime, p.channels(), states), outputBytes(p.directions(), group(states)));
        return TileProducts.suit(runtime, p.channels(), bytes);
    }

    static TiledMimo of(CudaRuntime runtime, MimoParameters p) {
        int states = p.states();
        float[] lam = new float[2 * states]; // (2, P)
        float[] turn = new float[2 * states]; // (2, P)
        for (int state = 0; state < states; state++) {
            double re = p.lamBarRe()[state];
            double im = p.lamBarIm()[state];
            lam[state] = (float) re;
            lam[states + state] = (float) im;
            for (int power = 1; power < TileProducts.TILE; power *= 2) {
                double square = re * re - im * im;
                im = 2 * re * im;
                re = square;
            }
            turn[state] = (float) re;
            turn[states + state] = (float) im;
        }
        return new TiledMimo(
                p.channels(),
                states,
                p.directions(),
                group(states),
                input(runtime, p),
                output(runtime, p),
                CudaSiso.tensor(runtime, lam),
                CudaSiso.tensor(runtime, turn),
                CudaSiso.tensor(runtime, p.d()));
    }

    private static PackedWeight input(CudaRuntime runtime, MimoParameters p) {
        int channels = p.channels();
        int columns = TileProducts.padded(channels);
        int half = up(p.states(), EIGHT);
        int rows = inputRows(p.states());
        float[] b = new float[rows * columns];
        for (int state = 0; state < p.states(); state++) {
            for (int h = 0; h < channels; h++) {
                int from = 2 * (state * channels + h);
                b[state * columns + h] = p.bBar()[from];
                b[(half + state) * columns + h] = p.bBar()[from + 1];
            }
        }
        return PackedWeight.ofHalves(runtime, rows, columns, b);
    }

    private static PackedWeight output(CudaRuntime runtime, MimoParameters p) {
        int states = p.states();
        int group = group(states);
        int rows = TileProducts.padded(p.channels());
        int ofGroup = p.directions() * 2 * group;
        int columns = (states + group - 1) / group * ofGroup;
        float[] c = new float[rows * columns]; // (H, groups, directions, 2, group)
        for (int direction = 0; direction < p.directions(); direction++) {
            for (int h = 0; h < p.channels(); h++) {
                for (int state = 0; state < states; state++) {
                    int from = 2 * ((direction * p.channels() + h) * states + state);
                    int to = h * columns + state / group * ofGroup + direction * 2 * group + state % group;
                    c[to] = (float) (p.outputFactor() * p.c()[from]);
                    c[to + group] = (float) (-p.outputFactor() * p.c()[from + 1]);
                }
            }
        }
        return PackedWeight.of(runtime, rows, columns, c);
    }

    /**
     * y of the layer.
     *
     * @param u (B, T, H)
     * @param before what u goes through first; null for nothing
     * @return (B, T, H)
     */
    CudaTensor run(CudaRuntime runtime, CudaTensor u, @Nullable Affine before) {
        int sequences = u.shape()[0];
        int steps = u.shape()[1];
        int tiles = (steps + TileProducts.TILE - 1) / TileProducts.TILE;
        CudaTensor scale = before == null ? null : CudaTensor.of(before.scale());
        CudaTensor shift = before == null ? null : CudaTensor.of(before.shift());
        CudaTensor driven = runtime.allocate(DType.FLOAT32, Math.toIntExact(u.rows()), 2 * states); // B u
        CudaTensor ends = runtime.allocate(DType.FLOAT32, sequences, tiles, directions, 2, states);
        runtime.launch(source("diagonal_input.cu", channels, directions, runtime.precision()), "diagonal_input")
                .grid((long) sequences * tiles)
                .block(TileProducts.threads(channels))
                .shared(inputBytes(runtime, channels, states))
                .pointer(u)
                .pointer(scale)
                .pointer(shift)
                .pointer(b.tensor())
                .float32(b.unit())
                .pointer(lam)
                .pointer(driven)
                .pointer(ends)
                .int32(steps)
                .int32(channels)
                .int32(states)
                .int32(runtime.turnBack())
                .run();
        runtime.launch(ends(directions), "diagonal_ends")
                .grid(((long) sequences * directions * states + THREADS - 1) / THREADS)
                .block(THREADS)
                .pointer(turn)
                .pointer(ends)
                .int32(sequences)
                .int32(tiles)
                .int32(states)
                .run();
        CudaTensor y = runtime.allocate(DType.FLOAT32, u.shape().clone());
        runtime.launch(source("diagonal_output.cu", channels, directions, runtime.precision()), "diagonal_output")
                .grid((long) sequences * tiles)
                .block(TileProducts.threads(channels))
                .shared(outputBytes(directions, group))
                .pointer(driven)
                .pointer(lam)
                .pointer(ends)
                .pointer(c.tensor())
                .float32(c.unit())
                .pointer(u)
                .pointer(scale)
                .pointer(shift)
                .pointer(d)
                .pointer(y)
                .int32(steps)
                .int32(channels)
                .int32(states)
                .int32(group)
                .int32(runtime.turnBack())
                .run();
        runtime.drop(ends);
        runtime.drop(driven);
        return y;
    }
}
