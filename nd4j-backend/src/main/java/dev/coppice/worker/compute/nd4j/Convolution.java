package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Start;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Depthwise causal convolution as K products of whole arrays: each sequence lies in a block of its own, behind the K inputs before
 * it, so that what is j steps back is the same block j rows earlier.
 */
final class Convolution {

    private final Ops ops;
    private final Segments segments;
    private final @Nullable Start start;
    private final int width; // K
    private final long channels; // C
    private final int steps;

    Convolution(Ops ops, Segments segments, @Nullable Start start, long channels, int width) {
        this.ops = ops;
        this.segments = segments;
        this.start = start;
        this.channels = channels;
        this.width = width;
        steps = Packing.longest(segments);
    }

    /**
     * Writes outputs and windows.
     *
     * @param x (R, C); null where there are no rows
     * @param weight (C, K)
     * @param bias (C) or null
     */
    void run(
            @Nullable INDArray x,
            INDArray weight,
            @Nullable INDArray bias,
            ConvActivation activation,
            Nd4jTensor out,
            Nd4jTensor window) {
        INDArray block = block(x); // (S, K + T, C)
        if (!out.isEmpty()) {
            INDArray sum = convolved(block, weight);
            if (bias != null) {
                sum.addiRowVector(bias);
            }
            if (activation == ConvActivation.SILU) {
                sum = ops.silu(sum);
            }
            out.matrix().assign(new Packing(segments, 1).pack(ops, sum));
        }
        if (!window.isEmpty()) {
            int[] last = new int[segments.count() * width];
            for (int i = 0; i < last.length; i++) {
                last[i] = i / width * (width + steps) + segments.length(i / width) + i % width;
            }
            INDArray rows = ops.pull(Ops.view(block, (long) segments.count() * (width + steps), channels), last);
            window.as(segments.count(), channels, width)
                    .assign(Ops.permuted(Ops.view(rows, segments.count(), width, channels), 0, 2, 1));
        }
    }

    /** Each sequence's earlier inputs, or zeros, and its own: (S, K + T, C). */
    private INDArray block(@Nullable INDArray x) {
        INDArray block = ops.zeros(segments.count(), width + (long) steps, channels);
        if (start != null) {
            INDArray windows = Nd4jTensor.of(start.states()).as(start.states().shape()[0], channels * width);
            INDArray chosen = Ops.view(ops.pull(windows, start.parents()), segments.count(), channels, width);
            Ops.part(block, 1, 0, width).assign(Ops.permuted(chosen, 0, 2, 1));
        }
        if (x != null) {
            INDArray own = new Packing(segments, 1).pad(ops, x);
            Ops.part(block, 1, width, width + (long) steps).assign(Ops.view(own, segments.count(), steps, channels));
        }
        return block;
    }

    /** (S T, C). */
    private INDArray convolved(INDArray block, INDArray weight) {
        INDArray taps = ops.copy(Ops.permuted(weight, 1, 0)); // (K, C)
        INDArray sum = null;
        for (int k = 0; k < width; k++) {
            INDArray back = Ops.part(block, 1, k + 1L, k + 1L + steps);
            INDArray tap = Ops.view(Ops.part(taps, 0, k, k + 1L), 1, 1, channels);
            INDArray term = ops.spread(back, tap, segments.count(), steps, channels);
            sum = sum == null ? term : sum.addi(term);
        }
        return Ops.view(java.util.Objects.requireNonNull(sum), (long) segments.count() * steps, channels);
    }
}
