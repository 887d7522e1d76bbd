package dev.coppice.worker.compute.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mamba-1's recurrence (Gu and Dao 2023). Decays differ in every step, channel and state, so that no matrix product holds them;
 * blocks of steps are scanned by doubling (Hillis and Steele 1986) on whole arrays, one block after the other.
 */
final class SelectiveScan {

    private static final int BLOCK = 64;

    private final Ops ops;
    private final Packing packing;
    private final long sequences;

    SelectiveScan(Ops ops, Packing packing) {
        this.ops = ops;
        this.packing = packing;
        sequences = packing.sequences();
    }

    /**
     * What goes into it.
     *
     * @param a (C, N)
     * @param x (R, C)
     * @param dt after softplus, (R, C)
     * @param b (R, N)
     * @param c (R, N)
     */
    record Operands(INDArray a, INDArray x, INDArray dt, INDArray b, INDArray c) {}

    /**
     * Output (R, C), without the skip.
     *
     * @param states (S, C, N): before the first step, and afterwards behind the last
     */
    INDArray run(Operands in, INDArray states) {
        int steps = packing.steps();
        long channels = in.a().size(0);
        long n = in.a().size(1);
        INDArray dts = Ops.view(packing.pad(ops, in.dt()), sequences, steps, channels);
        INDArray drives = Ops.view(packing.pad(ops, ops.copy(in.x()).muli(in.dt())), sequences, steps, channels);
        INDArray bs = Ops.view(packing.pad(ops, in.b()), sequences, steps, n);
        INDArray cs = Ops.view(packing.pad(ops, in.c()), sequences, steps, n);
        INDArray y = ops.take(sequences, steps, channels);
        for (int from = 0; from < steps; from += BLOCK) {
            int first = from;
            int to = Math.min(steps, from + BLOCK);
            ops.arena().within(() -> {
                INDArray rates = Ops.view(in.a(), 1, 1, channels, n);
                INDArray decay = Ops.exp(ops.spread(outer(dts, first, to), rates, sequences, to - first, channels, n));
                INDArray inputs = inner(bs, first, to);
                INDArray state = ops.spread(outer(drives, first, to), inputs, sequences, to - first, channels, n);
                Ops.at(state, 1, 0).addi(ops.copy(Ops.at(decay, 1, 0)).muli(states));
                for (int distance = 1; distance < to - first; distance *= 2) {
                    join(decay, state, distance);
                }
                states.assign(Ops.at(state, 1, to - first - 1));
                INDArray out = ops.sum(state.muli(inner(cs, first, to)), 3);
                Ops.part(y, 1, first, to).assign(Ops.view(out, sequences, to - first, channels));
            });
        }
        return packing.pack(ops, Ops.view(y, sequences * steps, channels));
    }

    /** Some steps of (S, T, C) as (S, q, C, 1). */
    private INDArray outer(INDArray all, int from, int to) {
        return Ops.view(ops.copy(Ops.part(all, 1, from, to)), sequences, to - from, all.size(2), 1);
    }

    /** Some steps of (S, T, N) as (S, q, 1, N). */
    private INDArray inner(INDArray all, int from, int to) {
        return Ops.view(ops.copy(Ops.part(all, 1, from, to)), sequences, to - from, 1, all.size(2));
    }

    /** Each step takes in what the steps {@code distance} before it have gathered. */
    private void join(INDArray decay, INDArray state, int distance) {
        long steps = state.size(1);
        ops.arena().within(() -> {
            INDArray own = ops.copy(Ops.part(decay, 1, distance, steps));
            INDArray gathered =
                    ops.copy(Ops.part(state, 1, 0, steps - distance)).muli(own);
            own.muli(ops.copy(Ops.part(decay, 1, 0, steps - distance)));
            Ops.part(state, 1, distance, steps).addi(gathered);
            Ops.part(decay, 1, distance, steps).assign(own);
        });
    }
}
