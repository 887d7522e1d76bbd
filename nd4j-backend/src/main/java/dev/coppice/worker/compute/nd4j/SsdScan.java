package dev.coppice.worker.compute.nd4j;

import static java.util.Objects.requireNonNull;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.compute.nd4j.Ops.Transposed;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Mamba-2's recurrence in chunks (Dao and Gu 2024, section 6): within a chunk a matrix of decays over C B', between chunks a
 * matrix of decays over the chunks' states. Log decays are summed from one step to the other, never as differences of longer sums,
 * which would lose digits.
 */
final class SsdScan {

    private static final int LARGEST_CHUNK = 64;
    private static final int SMALLEST_CHUNK = 4;

    private final Ops ops;
    private final SsdParameters parameters;
    private final Packing packing;
    private final int q; // steps of a chunk
    private final long k; // chunks of a sequence
    private final long s; // sequences
    private final long h; // heads
    private final long p; // width of a head
    private final long n; // states

    /** The scan of some sequences. */
    SsdScan(Ops ops, SsdParameters parameters, dev.coppice.worker.compute.Segments segments) {
        this.ops = ops;
        this.parameters = parameters;
        int chunk = SMALLEST_CHUNK;
        while (chunk < LARGEST_CHUNK && chunk < Packing.longest(segments)) {
            chunk *= 2;
        }
        q = chunk;
        packing = new Packing(segments, chunk);
        k = packing.steps() / chunk;
        s = segments.count();
        h = parameters.heads();
        p = parameters.headWidth();
        n = parameters.states();
    }

    /**
     * Output and states.
     *
     * @param y (R, H P)
     * @param states (S, H, P N); null where nothing is carried
     */
    record Result(INDArray y, @Nullable INDArray states) {}

    /**
     * Runs it.
     *
     * @param x (R, xHeads P)
     * @param b (R, bGroups N)
     * @param c (R, cGroups N)
     * @param dt (R, H)
     * @param start (S, H, P N) or null
     */
    Result run(INDArray x, INDArray b, INDArray c, INDArray dt, @Nullable INDArray start, Carry carry) {
        INDArray steps = packing.pad(ops, steps(dt)); // (S K Q, H)
        INDArray xs = packing.pad(ops, expanded(x, parameters.xHeads(), h, p)); // (S K Q, H P)
        INDArray bs = packing.pad(ops, b); // (S K Q, bGroups N)
        INDArray cs = packing.pad(ops, c); // (S K Q, cGroups N)
        INDArray entering = parameters.step() == SsdStep.DISCRETE ? xs : scaled(xs, steps); // dt x
        INDArray logs = logDecays(steps); // (S K, H, Q)
        INDArray y = ops.take(s * k * q, h * p);
        Ops.multiply(weights(bs, cs, logs), byHead(entering), Transposed.LEFT, 1, 0, byHead(y));
        INDArray states = null;
        if (start != null || k > 1 || carry == Carry.STATES) {
            INDArray before = before(entering, bs, logs, start); // (S, K + 1, H, P N)
            states = Ops.at(before, 1, k);
            if (start != null || k > 1) {
                y.addi(fromStates(before, cs, logs));
            }
        }
        INDArray packed = packing.pack(ops, y);
        if (parameters.d() != null) {
            float[] d = requireNonNull(parameters.d());
            INDArray all = Ops.view(expanded(x, parameters.xHeads(), h, p), x.size(0), h, p);
            Ops.view(packed, x.size(0), h, p).addi(ops.spread(all, ops.floats(d, 1, h, 1), x.size(0), h, p));
        }
        return new Result(packed, states);
    }

    /** softplus(dt + bias), within its limits, (R, H). */
    private INDArray steps(INDArray dt) {
        INDArray steps = ops.copy(dt);
        if (parameters.dtBias() != null) {
            steps.addiRowVector(ops.floats(parameters.dtBias(), h));
        }
        Ops.softplus(steps);
        if (parameters.step() == SsdStep.CONTINUOUS) {
            Transforms.max(steps, parameters.dtMin(), false);
            Transforms.min(steps, Math.min(parameters.dtMax(), Float.MAX_VALUE), false);
        }
        return steps;
    }

    /** The logarithm of each step's decay; 0 behind a sequence's end. */
    private INDArray logDecays(INDArray steps) {
        INDArray logs = ops.copy(Ops.permuted(Ops.view(steps, s * k, q, h), 0, 2, 1));
        if (parameters.step() == SsdStep.DISCRETE) {
            return logs.negi();
        }
        float[] a = parameters.a();
        if (a == null) {
            throw new IllegalArgumentException("continuous steps need A");
        }
        return logs.muli(ops.floats(a, 1, h, 1));
    }

    /** (R, groups width) as (R, more width), each group's columns repeated. */
    private INDArray expanded(INDArray rows, long groups, long more, long width) {
        if (groups == more) {
            return rows;
        }
        int[] from = new int[Math.toIntExact(rows.size(0) * more)];
        for (int i = 0; i < from.length; i++) {
            from[i] = (int) (i / more * groups + i % more / (more / groups));
        }
        INDArray byGroup = Ops.view(ops.copy(rows), rows.size(0) * groups, width);
        return Ops.view(ops.pull(byGroup, from), rows.size(0), more * width);
    }

    /** Each head's columns times its number in every row. */
    private INDArray scaled(INDArray rows, INDArray factors) {
        long count = rows.size(0);
        INDArray product = ops.spread(Ops.view(rows, count, h, p), Ops.view(factors, count, h, 1), count, h, p);
        return Ops.view(product, count, h * p);
    }

    /** (S K Q, H P) as (S K, H, Q, P). */
    private INDArray byHead(INDArray rows) {
        return byGroup(rows, h);
    }

    /** (S K Q, groups W) as (S K, groups, Q, W). */
    private INDArray byGroup(INDArray rows, long groups) {
        return Ops.permuted(Ops.view(rows, s * k, q, groups, rows.size(1) / groups), 0, 2, 1, 3);
    }

    /** (C_t B_r') exp(sum of log decays from r + 1 to t) for r up to t, at (r, t): (S K, H, Q, Q). */
    private INDArray weights(INDArray bs, INDArray cs, INDArray logs) {
        long u = common(parameters.bGroups(), parameters.cGroups());
        INDArray scores = ops.product(
                byGroup(expanded(cs, parameters.cGroups(), u, n), u),
                byGroup(expanded(bs, parameters.bGroups(), u, n), u),
                Transposed.RIGHT); // (S K, U, t, r)
        INDArray transposed = ops.take(s * k, u, q, q);
        transposed
                .assign(Ops.permuted(scores, 0, 1, 3, 2))
                .muli(Ops.view(ops.triangles().from(q), 1, 1, q, q));
        INDArray decays = Ops.exp(between(Ops.view(logs, s * k * h, q)));
        return Ops.view(
                Ops.view(decays, s * k, u, h / u, q, q).muli(Ops.view(transposed, s * k, u, 1, q, q)), s * k, h, q, q);
    }

    /** Groups that both sides' groups are made of: the least common multiple. */
    private static long common(long a, long b) {
        long u = Math.max(a, b);
        while (u % a != 0 || u % b != 0) {
            u += Math.max(a, b);
        }
        return u;
    }

    /** Sums of each row (rows, m) from place r + 1 to t, at (r, t), 0 where t is before r: (rows, m, m). */
    private INDArray between(INDArray values) {
        long rows = values.size(0);
        long m = values.size(1);
        INDArray later = Ops.view(ops.triangles().after((int) m), 1, m, m); // 1 at (j, r) for r before j
        INDArray from =
                ops.spread(Ops.view(values, rows, 1, m), Ops.permuted(later, 0, 2, 1), rows, m, m); // (rows, r, j)
        return Ops.view(
                ops.product(Ops.view(from, rows * m, m), ops.triangles().from((int) m), Transposed.NONE), rows, m, m);
    }

    /** The decays of a product of (S K, H, Q) with a triangle, as a number for each row and head, (S K Q, H). */
    private INDArray decays(INDArray logs, INDArray triangle) {
        INDArray sums = Ops.exp(ops.product(Ops.view(logs, s * k * h, q), triangle, Transposed.NONE));
        return Ops.view(ops.copy(Ops.permuted(Ops.view(sums, s * k, h, q), 0, 2, 1)), s * k * q, h);
    }

    /** The states before each chunk and, last, behind them all, (S, K + 1, H, P N). */
    private INDArray before(INDArray entering, INDArray bs, INDArray logs, @Nullable INDArray start) {
        long groups = parameters.bGroups();
        INDArray left = scaled(entering, decays(logs, ops.triangles().after(q))); // what is left at the chunk's end
        INDArray added = ops.take(s * k, groups, h / groups * p, n);
        Ops.multiply(byGroup(left, groups), byGroup(bs, groups), Transposed.LEFT, 1, 0, added);
        INDArray all = ops.take(s, k + 1, h, p * n);
        if (start == null) {
            Ops.part(all, 1, 0, 1).assign(0);
        } else {
            Ops.at(all, 1, 0).assign(start);
        }
        Ops.part(all, 1, 1, k + 1).assign(Ops.view(added, s, k, h, p * n));
        INDArray totals = ops.zeros(s, h, k + 1); // of the chunk before each place
        INDArray sums = Ops.view(ops.sum(logs, 2), s, k, h);
        Ops.part(totals, 2, 1, k + 1).assign(Ops.permuted(sums, 0, 2, 1));
        INDArray decays = Ops.exp(between(Ops.view(totals, s * h, k + 1)))
                .muli(Ops.view(ops.triangles().from((int) k + 1), 1, k + 1, k + 1));
        INDArray before = ops.take(s, k + 1, h, p * n);
        Ops.multiply(
                Ops.view(decays, s, h, k + 1, k + 1),
                Ops.permuted(all, 0, 2, 1, 3),
                Transposed.LEFT,
                1,
                0,
                Ops.permuted(before, 0, 2, 1, 3));
        return before;
    }

    /** What the states before each chunk give to its outputs, (S K Q, H P). */
    private INDArray fromStates(INDArray before, INDArray cs, INDArray logs) {
        long groups = parameters.cGroups();
        long width = h / groups * p;
        INDArray found = Ops.view(ops.copy(Ops.part(before, 1, 0, k)), s * k, groups, width, n);
        INDArray out = ops.take(s * k * q, h * p);
        Ops.multiply(byGroup(cs, groups), found, Transposed.RIGHT, 1, 0, byGroup(out, groups));
        Ops.view(out, s * k * q, h, p)
                .muli(Ops.view(decays(logs, ops.triangles().from(q)), s * k * q, h, 1));
        return out;
    }
}
