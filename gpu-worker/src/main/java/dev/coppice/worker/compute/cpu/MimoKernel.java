package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.MimoParameters;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * The S5 layer: input product, complex diagonal scan, output product, one sequence after another so that a sequence's
 * states stay in the cache. T steps, H channels, W states of a block (see {@link CpuMimo}).
 */
final class MimoKernel {

    /** Exchanges the real and the imaginary half of a block. */
    private static final VectorShuffle<Float> SWAP =
            VectorShuffle.fromOp(Lanes.SPECIES, lane -> (lane + CpuMimo.BLOCK) % Lanes.COUNT);

    private MimoKernel() {}

    /** u (B, T, H), out (B, T, H); {@code arena} gives scratch memory, which the caller releases. */
    static void run(CpuMimo ssm, CpuTensor u, CpuArena arena, CpuTensor out) {
        MimoParameters p = ssm.parameters();
        int steps = u.axis(1);
        int channels = p.channels();
        ElementKernels.channelAffine(u, ssm.d(), null, out); // d u, to which the output products are added
        if (ssm.blocks() == 0) {
            return;
        }
        int width = ssm.width();
        int outWidth = p.directions() * width;
        CpuTensor driven = arena.allocate(steps, width); // bBar u
        CpuTensor states = p.directions() == 1 ? driven : arena.allocate(steps, outWidth);
        for (int b = 0; b < u.axis(2); b++) {
            long at = (long) b * steps * channels;
            Blas.multiply(steps, width, channels, u.at(at), ssm.bBar().pointer(), 0f, driven.pointer());
            if (p.directions() == 1) {
                scanForward(ssm, driven.buffer(), steps);
            } else {
                scanBoth(ssm, driven.buffer(), states.buffer(), steps);
            }
            Blas.multiply(steps, channels, outWidth, states.pointer(), ssm.c().pointer(), 1f, out.at(at));
        }
    }

    /** In place over x (T, width); two blocks at a time hide the latency of the recurrence. */
    private static void scanForward(CpuMimo ssm, ByteBuffer x, int steps) {
        int width = ssm.width();
        int block = 0;
        for (; block + 1 < ssm.blocks(); block += 2) {
            int a = block * Lanes.COUNT;
            int b = a + Lanes.COUNT;
            scanPair(ssm, a, x, a, width, x, a, width, b, x, b, width, x, b, width, steps);
        }
        if (block < ssm.blocks()) {
            int a = block * Lanes.COUNT;
            scanOne(ssm, a, x, width, steps);
        }
    }

    /** x (T, width) to states (T, 2 width): the forward direction first, the backward one beside it. */
    private static void scanBoth(CpuMimo ssm, ByteBuffer x, ByteBuffer states, int steps) {
        int width = ssm.width();
        int last = steps - 1;
        for (int block = 0; block < ssm.blocks(); block++) {
            int a = block * Lanes.COUNT;
            int backwardIn = last * width + a;
            int backwardOut = last * 2 * width + width + a;
            scanPair(
                    ssm,
                    a,
                    x,
                    a,
                    width,
                    states,
                    a,
                    2 * width,
                    a,
                    x,
                    backwardIn,
                    -width,
                    states,
                    backwardOut,
                    -2 * width,
                    steps);
        }
    }

    /**
     * Two independent recurrences s = lamBar s + x side by side, over {@code steps} steps. For each: where its eigenvalues
     * lie, input buffer, index of the first block and distance to the next, and the same of the output.
     */
    private static void scanPair(
            CpuMimo ssm,
            int lamA,
            ByteBuffer inA,
            int fromA,
            int inStepA,
            ByteBuffer outA,
            int toA,
            int outStepA,
            int lamB,
            ByteBuffer inB,
            int fromB,
            int inStepB,
            ByteBuffer outB,
            int toB,
            int outStepB,
            int steps) {
        FloatVector reA = FloatVector.fromArray(Lanes.SPECIES, ssm.lamRe(), lamA);
        FloatVector imA = FloatVector.fromArray(Lanes.SPECIES, ssm.lamIm(), lamA);
        FloatVector reB = FloatVector.fromArray(Lanes.SPECIES, ssm.lamRe(), lamB);
        FloatVector imB = FloatVector.fromArray(Lanes.SPECIES, ssm.lamIm(), lamB);
        FloatVector a = FloatVector.zero(Lanes.SPECIES);
        FloatVector b = FloatVector.zero(Lanes.SPECIES);
        for (int t = 0; t < steps; t++) {
            a = a.fma(reA, a.rearrange(SWAP).fma(imA, Lanes.load(inA, fromA + t * inStepA)));
            b = b.fma(reB, b.rearrange(SWAP).fma(imB, Lanes.load(inB, fromB + t * inStepB)));
            Lanes.store(a, outA, toA + t * outStepA);
            Lanes.store(b, outB, toB + t * outStepB);
        }
    }

    private static void scanOne(CpuMimo ssm, int lam, ByteBuffer x, int width, int steps) {
        FloatVector re = FloatVector.fromArray(Lanes.SPECIES, ssm.lamRe(), lam);
        FloatVector im = FloatVector.fromArray(Lanes.SPECIES, ssm.lamIm(), lam);
        FloatVector state = FloatVector.zero(Lanes.SPECIES);
        for (int t = 0; t < steps; t++) {
            int at = lam + t * width;
            state = state.fma(re, state.rearrange(SWAP).fma(im, Lanes.load(x, at)));
            Lanes.store(state, x, at);
        }
    }
}
