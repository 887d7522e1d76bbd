package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.SisoParameters;
import dev.coppice.worker.compute.SisoSsm;
import dev.coppice.worker.compute.nd4j.DiagonalScan.Direction;
import dev.coppice.worker.compute.nd4j.Ops.Transposed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * S4D's layer (Gu et al. 2022, section 3). In a chunk of Q steps the output is the kernels' Toeplitz matrix times the inputs, both
 * directions at once, and powers of the eigenvalues times the states around the chunk. Channels with fewer states than the most, N,
 * have zeros in their place.
 */
final class Siso implements SisoSsm {

    private static final int CHUNK = 64;
    private static final int CHUNKS = 16; // that are joined by one matrix

    private final SisoParameters parameters;
    private final int most; // steps that it was prepared for
    private final INDArray skip; // (H)
    private final INDArray within; // (H, Q, Q), from the input of step s to the output of step t
    private final int states; // N
    private final @Nullable Joints joints; // null where one chunk holds everything

    /**
     * How chunks hang together.
     *
     * @param scan of the H N states between chunks
     */
    private record Joints(List<Side> sides, DiagonalScan scan) {}

    /**
     * How chunks of one direction hang together.
     *
     * @param collect from a chunk's inputs to the state that it leaves, real parts first, (2, H, N, Q)
     * @param read from the state that a chunk finds to its outputs, (2, H, N, Q)
     */
    private record Side(Direction direction, INDArray collect, INDArray read) {}

    Siso(SisoParameters parameters, int steps, Ops ops) {
        this.parameters = parameters;
        most = steps;
        int h = parameters.channels();
        int widest = 0;
        for (int c = 0; c < h; c++) {
            widest = Math.max(widest, parameters.offsets()[c + 1] - parameters.offsets()[c]);
        }
        states = widest;
        SisoMatrices matrices = new SisoMatrices(parameters, widest, CHUNK);
        skip = ops.floats(parameters.d(), h);
        within = ops.floats(matrices.toeplitz(), h, CHUNK, CHUNK);
        if (widest == 0 || steps <= CHUNK) {
            joints = null;
            return;
        }
        int chunks = (steps + CHUNK - 1) / CHUNK;
        List<Side> sides = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            if (direction.ordinal() < parameters.directions()) {
                sides.add(new Side(
                        direction,
                        ops.floats(matrices.collecting(direction), 2, h, widest, CHUNK),
                        ops.floats(matrices.reading(direction), 2, h, widest, CHUNK)));
            }
        }
        Powers powers = matrices.powers();
        joints = new Joints(sides, new DiagonalScan(powers.re(CHUNK), powers.im(CHUNK), CHUNKS, chunks, ops));
    }

    /** Refuses inputs (B, T, H) of other channels, or of more steps than were prepared for. */
    void check(int[] shape) {
        if (shape.length != 3 || shape[2] != parameters.channels() || shape[1] > most) {
            throw new IllegalArgumentException(
                    "u has " + shape[shape.length - 2] + " steps of " + shape[shape.length - 1] + " channels, expected "
                            + parameters.channels() + " channels and at most " + most + " steps");
        }
    }

    /** Writes y (B T, H) for u (B, T, H). */
    void run(Ops ops, INDArray u, INDArray y) {
        long batch = u.size(0);
        long time = u.size(1);
        long h = parameters.channels();
        long chunks = (time + CHUNK - 1) / CHUNK;
        INDArray in = ops.take(h, batch, chunks * CHUNK); // time innermost
        if (time != chunks * CHUNK) {
            in.assign(0);
        }
        Ops.part(in, 2, 0, time).assign(Ops.permuted(u, 2, 0, 1));
        INDArray rows = Ops.view(in, h, batch * chunks, CHUNK);
        INDArray out = ops.product(rows, within, Transposed.NONE); // (H, B K, Q)
        if (chunks > 1 && joints != null) {
            DiagonalScan scan = joints.scan();
            for (Side side : joints.sides()) {
                ops.arena().within(() -> join(ops, side, scan, rows, batch, out));
            }
        }
        INDArray valid = Ops.part(Ops.view(out, h, batch, chunks * CHUNK), 2, 0, time);
        Ops.view(y, batch, time, h).assign(Ops.permuted(valid, 1, 2, 0));
        y.addi(ops.copy(Ops.view(u, y.shape())).muliRowVector(skip));
    }

    /** Adds what the chunks before, or behind, each one give to its outputs. */
    private void join(Ops ops, Side side, DiagonalScan scan, INDArray rows, long batch, INDArray out) {
        long h = parameters.channels();
        long chunks = rows.size(1) / batch;
        INDArray ends = ops.take(2, h, states, batch * chunks);
        for (int part = 0; part < 2; part++) {
            Ops.multiply(
                    Ops.at(side.collect(), 0, part),
                    rows,
                    Transposed.RIGHT,
                    1,
                    0,
                    Ops.at(ends, 0, part)); // (H, N, B K)
        }
        INDArray left = scan.run(Ops.view(ends, 2, h * states, batch, chunks), side.direction());
        INDArray found = Ops.view(scan.before(left, side.direction()), 2, h, states, batch * chunks);
        for (int part = 0; part < 2; part++) {
            Ops.multiply(Ops.at(found, 0, part), Ops.at(side.read(), 0, part), Transposed.LEFT, 1, 1, out);
        }
    }
}
