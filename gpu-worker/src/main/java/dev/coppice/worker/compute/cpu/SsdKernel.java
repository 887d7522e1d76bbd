package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.SsdParameters;
import java.nio.ByteBuffer;

/**
 * Mamba-2's recurrence in chunks of Q steps (Dao and Gu 2024, section 6): within a chunk y = (C B' * decays) x, a matrix
 * product; what came before enters through the state at the chunk's beginning. R rows, S sequences, H heads, P head width, N
 * states, E heads of a piece, which share their B and C.
 */
final class SsdKernel {

    /** Q: see docs/decisions.md for the measurement. */
    static final int CHUNK = 128;

    private static final int MOST_HEADS = 6;
    private static final int TRIANGLE_ROWS =
            64; // of a product with the lower triangle, whose zeros beyond are left out

    private final SsdParameters p;
    private final int chunk;
    private final int heads; // E

    SsdKernel(SsdParameters parameters, int chunk) {
        p = parameters;
        this.chunk = chunk;
        int alike = gcd(p.heads() / p.bGroups(), p.heads() / p.cGroups());
        int most = Math.min(alike, MOST_HEADS);
        while (alike % most != 0) {
            most--;
        }
        heads = most;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** y (R, H P), state (S, H, P, N), or (0, H, P, N) where nothing is carried on. */
    void run(CpuScanInputs in, CpuTensor y, CpuTensor state, Workers workers) {
        int blocks = p.heads() / heads;
        workers.run(in.segments().count() * blocks, (piece, scratch) -> {
            int sequence = piece / blocks;
            new Sequence(in, y, state, sequence, piece % blocks * heads, scratch).run();
        });
    }

    /** Some heads of one sequence. */
    private final class Sequence {

        private final CpuScanInputs in;
        private final CpuTensor y;
        private final CpuTensor state; // where the states of the E heads lie: the result or, if nobody asks, scratch
        private final int sequence;
        private final int head; // first of E
        private final int stateAt; // index of the first head's state in it
        private final CpuTensor products; // (Q, Q) C B'
        private final CpuTensor weighted; // (Q, Q) its lower triangle times a head's decays
        private final CpuTensor carried; // (Q, E P) what the state before the chunk adds
        private final CpuTensor inputs; // (Q, E P) x as it enters the state after the chunk
        private final SsdDecays[] decays = new SsdDecays[heads];
        private final float[] weights = FloatRows.scratch(chunk); // (Q)
        private final float[] left = FloatRows.scratch(chunk); // (Q)

        Sequence(CpuScanInputs in, CpuTensor y, CpuTensor state, int sequence, int head, CpuArena scratch) {
            this.in = in;
            this.y = y;
            this.sequence = sequence;
            this.head = head;
            if (in.carry() == Carry.STATES) {
                this.state = state;
                stateAt = (sequence * p.heads() + head) * p.headWidth() * p.states();
            } else {
                this.state = scratch.allocate(heads * p.headWidth(), p.states());
                stateAt = 0;
            }
            int most = Math.min(chunk, Math.max(1, in.segments().length(sequence)));
            products = scratch.allocate(most, most);
            weighted = scratch.allocate(most, most);
            Memory.zero(weighted.buffer(), 0, most * most);
            carried = scratch.allocate(most, heads * p.headWidth());
            inputs = scratch.allocate(most, heads * p.headWidth());
            for (int e = 0; e < heads; e++) {
                decays[e] = new SsdDecays(p, chunk);
            }
        }

        void run() {
            int size = heads * p.headWidth() * p.states();
            CpuTensor start = in.start();
            if (start == null) {
                Memory.zero(state.buffer(), stateAt, size);
            } else {
                int from = (in.parents()[sequence] * p.heads() + head) * p.headWidth() * p.states();
                Memory.copy(start.buffer(), from, state.buffer(), stateAt, size);
            }
            int length = in.segments().length(sequence);
            for (int t = 0; t < length; t += chunk) {
                int steps = Math.min(chunk, length - t);
                int row = in.segments().start(sequence) + t;
                step(row, steps, t > 0 || start != null);
                if (in.carry() == Carry.STATES || t + steps < length) {
                    advanceState(row, steps);
                }
            }
        }

        /** The outputs of one chunk of {@code steps} rows from {@code row} on. */
        private void step(int row, int steps, boolean hasState) {
            int width = heads * p.headWidth();
            Block b = in.b().block(row, bColumn());
            Block c = in.c().block(row, head / (p.heads() / p.cGroups()) * p.states());
            Block states = new Block(state.at(stateAt), p.states());
            Blas.timesTransposed(steps, steps, p.states(), c, b, 0f, new Block(products.pointer(), products.columns()));
            if (hasState) {
                Blas.timesTransposed(steps, width, p.states(), c, states, 0f, new Block(carried.pointer(), width));
            }
            for (int e = 0; e < heads; e++) {
                decays[e].read(in.dt(), head + e, row, steps);
                withinChunk(e, row, steps);
                decays[e].decaysInto(left);
                if (hasState) {
                    addCarried(e, row, steps);
                }
                addSkip(e, row, steps);
            }
        }

        /** The state after the chunk: what is left of the one before it, and the chunk's inputs. */
        private void advanceState(int row, int steps) {
            int width = heads * p.headWidth();
            int size = p.headWidth() * p.states();
            for (int e = 0; e < heads; e++) {
                decays[e].decaysInto(left);
                RowMath.scale(state.buffer(), stateAt + e * size, size, left[steps - 1]);
                decays[e].weightsInto(steps - 1, weights);
                scaleInputs(e, row, steps);
            }
            Blas.transposedTimes(
                    width,
                    p.states(),
                    steps,
                    new Block(inputs.pointer(), width),
                    in.b().block(row, bColumn()),
                    1f,
                    new Block(state.at(stateAt), p.states()));
        }

        private int bColumn() {
            return head / (p.heads() / p.bGroups()) * p.states();
        }

        /** y = (C B' * decays) x, the triangle's rows a band at a time. */
        private void withinChunk(int e, int row, int steps) {
            int stride = products.columns();
            for (int t = 0; t < steps; t++) {
                decays[e].weightsInto(t, weights);
                RowMath.multiply(products.buffer(), t * stride, weights, t + 1, weighted.buffer());
            }
            int outStride = y.columns();
            for (int from = 0; from < steps; from += TRIANGLE_ROWS) {
                int rows = Math.min(TRIANGLE_ROWS, steps - from);
                Blas.times(
                        rows,
                        p.headWidth(),
                        from + rows,
                        new Block(weighted.at((long) from * stride), stride),
                        in.x().block(row, xColumn(e)),
                        0f,
                        new Block(y.at(yIndex(e, row + from)), outStride));
            }
        }

        private void addCarried(int e, int row, int steps) {
            int width = heads * p.headWidth();
            for (int t = 0; t < steps; t++) {
                RowMath.addScaled(
                        carried.buffer(),
                        t * width + e * p.headWidth(),
                        p.headWidth(),
                        left[t],
                        y.buffer(),
                        yIndex(e, row + t));
            }
        }

        private void addSkip(int e, int row, int steps) {
            float[] d = p.d();
            if (d == null) {
                return;
            }
            ByteBuffer x = in.x().buffer();
            for (int t = 0; t < steps; t++) {
                int from = in.x().row(row + t) + xColumn(e);
                RowMath.addScaled(x, from, p.headWidth(), d[head + e], y.buffer(), yIndex(e, row + t));
            }
        }

        private void scaleInputs(int e, int row, int steps) {
            int width = heads * p.headWidth();
            for (int t = 0; t < steps; t++) {
                int from = in.x().row(row + t) + xColumn(e);
                RowMath.scaled(
                        in.x().buffer(),
                        from,
                        p.headWidth(),
                        weights[t],
                        inputs.buffer(),
                        t * width + e * p.headWidth());
            }
        }

        private int xColumn(int e) {
            return (head + e) / (p.heads() / p.xHeads()) * p.headWidth();
        }

        private int yIndex(int e, int row) {
            return row * y.columns() + (head + e) * p.headWidth();
        }
    }
}
