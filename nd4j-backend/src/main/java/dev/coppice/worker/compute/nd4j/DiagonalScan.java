package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.nd4j.Ops.Transposed;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The recurrence x_t = lambda x_(t-1) + u_t of S complex numbers lambda, forward or backward, in chunks of Q steps: within a
 * chunk a matrix of powers of lambda for each of them, between chunks the same recurrence with lambda^Q. Complex numbers are pairs of
 * real ones, real parts first.
 */
final class DiagonalScan {

    /** Which way time runs. */
    enum Direction {
        FORWARD,
        BACKWARD
    }

    /**
     * What a level of chunks needs.
     *
     * @param re real part of lambda^(t - s) at (s, t), (S, Q, Q); zero for t before s
     * @param im imaginary part
     * @param onward what the state before a chunk adds to the real and the imaginary parts in it, (2, S, 2, Q)
     * @param backOnward the same for the state behind a chunk, time running backward
     */
    private record Level(INDArray re, INDArray im, INDArray onward, INDArray backOnward) {}

    private final int chunk; // Q
    private final int states; // S
    private final List<Level> levels = new ArrayList<>();
    private final Ops ops;

    /**
     * Prepares it, in the innermost scope.
     *
     * @param re real part of lambda; (S)
     * @param im imaginary part; (S)
     * @param steps that it will be run at most
     */
    DiagonalScan(double[] re, double[] im, int chunk, int steps, Ops ops) {
        this.chunk = chunk;
        this.ops = ops;
        states = re.length;
        double[] r = re;
        double[] i = im;
        for (long reach = 1; reach < steps || levels.isEmpty(); reach *= chunk) {
            Powers powers = Powers.of(r, i, chunk + 1);
            levels.add(level(powers));
            r = powers.re(chunk);
            i = powers.im(chunk);
        }
    }

    private Level level(Powers powers) {
        float[] re = new float[states * chunk * chunk]; // (S, Q, Q)
        float[] im = new float[re.length]; // (S, Q, Q)
        float[] onward = new float[4 * states * chunk]; // (2, S, 2, Q)
        float[] back = new float[onward.length]; // (2, S, 2, Q)
        for (int s = 0; s < states; s++) {
            for (int t = 0; t < chunk; t++) {
                for (int from = 0; from <= t; from++) {
                    re[(s * chunk + from) * chunk + t] = (float) powers.re(s, t - from);
                    im[(s * chunk + from) * chunk + t] = (float) powers.im(s, t - from);
                }
                for (int part = 0; part < 2; part++) {
                    int row = (part * states + s) * 2 * chunk;
                    put(onward, row + t, part, powers.re(s, t + 1), powers.im(s, t + 1));
                    put(back, row + t, part, powers.re(s, chunk - t), powers.im(s, chunk - t));
                }
            }
        }
        return new Level(
                ops.floats(re, states, chunk, chunk),
                ops.floats(im, states, chunk, chunk),
                ops.floats(onward, 2, states, 2, chunk),
                ops.floats(back, 2, states, 2, chunk));
    }

    /** What the real and the imaginary part of a state give to one part of its product with a power. */
    private void put(float[] to, int at, int part, double re, double im) {
        to[at] = (float) (part == 0 ? re : im);
        to[at + chunk] = (float) (part == 0 ? -im : re);
    }

    /** The states (2, S, B, T) for inputs of that shape. */
    INDArray run(INDArray inputs, Direction direction) {
        return run(inputs, direction, 0);
    }

    private INDArray run(INDArray inputs, Direction direction, int depth) {
        long batch = inputs.size(2);
        long steps = inputs.size(3);
        if (steps <= chunk) {
            return chunks(inputs, direction, levels.get(depth), batch, steps);
        }
        long count = (steps + chunk - 1) / chunk;
        if (steps % chunk != 0) {
            INDArray padded = ops.zeros(2, states, batch, count * chunk);
            Ops.part(padded, 3, 0, steps).assign(inputs);
            return Ops.part(joined(padded, direction, depth, batch, count), 3, 0, steps);
        }
        return joined(inputs, direction, depth, batch, count);
    }

    private INDArray joined(INDArray inputs, Direction direction, int depth, long batch, long count) {
        Level level = levels.get(depth);
        INDArray x = chunks(inputs, direction, level, batch * count, chunk);
        INDArray byChunk = Ops.view(x, 2, states, batch, count, chunk);
        INDArray ends = ops.copy(Ops.at(byChunk, 4, direction == Direction.FORWARD ? chunk - 1 : 0)); // (2, S, B, K)
        INDArray before = before(run(ends, direction, depth + 1), direction);
        INDArray pairs = Ops.permuted(Ops.view(before, 2, states, batch * count), 1, 2, 0); // (S, B K, 2)
        INDArray powers = direction == Direction.FORWARD ? level.onward() : level.backOnward();
        for (int part = 0; part < 2; part++) {
            INDArray own = Ops.view(Ops.at(x, 0, part), states, batch * count, chunk);
            Ops.multiply(pairs, Ops.at(powers, 0, part), Transposed.NONE, 1, 1, own);
        }
        return Ops.view(x, 2, states, batch, count * chunk);
    }

    /** Each chunk's states as if nothing were before it: (2, S, rows steps) as rows of steps. */
    private INDArray chunks(INDArray inputs, Direction direction, Level level, long rows, long steps) {
        INDArray out = ops.take(2, states, rows * steps);
        INDArray ur = Ops.view(Ops.at(inputs, 0, 0), states, rows, steps);
        INDArray ui = Ops.view(Ops.at(inputs, 0, 1), states, rows, steps);
        INDArray xr = Ops.view(Ops.at(out, 0, 0), states, rows, steps);
        INDArray xi = Ops.view(Ops.at(out, 0, 1), states, rows, steps);
        INDArray re = corner(level.re(), steps);
        INDArray im = corner(level.im(), steps);
        Transposed how = direction == Direction.FORWARD ? Transposed.NONE : Transposed.RIGHT;
        Ops.multiply(ur, re, how, 1, 0, xr);
        Ops.multiply(ui, im, how, -1, 1, xr);
        Ops.multiply(ur, im, how, 1, 0, xi);
        Ops.multiply(ui, re, how, 1, 1, xi);
        return Ops.view(out, 2, states, rows * steps / inputs.size(3), inputs.size(3));
    }

    private INDArray corner(INDArray matrices, long steps) {
        return steps == chunk ? matrices : Ops.part(Ops.part(matrices, 1, 0, steps), 2, 0, steps);
    }

    /** From states at the end of each chunk, (2, S, B, K), those at the end of the one before: zeros where there is none. */
    INDArray before(INDArray ends, Direction direction) {
        long count = ends.size(3);
        INDArray out = ops.zeros(ends.shape());
        if (count > 1 && direction == Direction.FORWARD) {
            Ops.part(out, 3, 1, count).assign(Ops.part(ends, 3, 0, count - 1));
        } else if (count > 1) {
            Ops.part(out, 3, 0, count - 1).assign(Ops.part(ends, 3, 1, count));
        }
        return out;
    }
}
