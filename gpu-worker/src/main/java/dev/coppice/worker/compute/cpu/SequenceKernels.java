package dev.coppice.worker.compute.cpu;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Operations along time: masking, pooling, log-softmax. B sequences, T steps, H channels. */
final class SequenceKernels {

    private SequenceKernels() {}

    /** x (B, T, H) without the steps from lengths[b] on. */
    static void maskSteps(CpuTensor x, int[] lengths, CpuTensor out) {
        int perStep = x.columns();
        int perSequence = x.axis(1) * perStep;
        for (int b = 0; b < lengths.length; b++) {
            int from = b * perSequence;
            int valid = lengths[b] * perStep;
            Memory.copy(x.buffer(), from, out.buffer(), from, valid);
            Memory.zero(out.buffer(), from + valid, perSequence - valid);
        }
    }

    /** Mean over the first lengths[b] steps of x (B, T, H); out (B, H). */
    static void meanPool(CpuTensor x, int[] lengths, CpuTensor out) {
        int channels = x.columns();
        int perSequence = x.axis(1) * channels;
        RowTail tail = new RowTail(channels);
        for (int b = 0; b < lengths.length; b++) {
            int from = b * perSequence;
            float rate = 1f / lengths[b];
            for (int h = 0; h < tail.whole(); h += Lanes.COUNT) {
                FloatVector sum = FloatVector.zero(Lanes.SPECIES);
                for (int t = 0; t < lengths[b]; t++) {
                    sum = sum.add(Lanes.load(x.buffer(), from + t * channels + h));
                }
                Lanes.store(sum.mul(rate), out.buffer(), b * channels + h);
            }
            if (tail.rest() > 0) {
                FloatVector sum = FloatVector.zero(Lanes.SPECIES);
                for (int t = 0; t < lengths[b]; t++) {
                    sum = sum.add(tail.load(x.buffer(), from + t * channels + tail.whole()));
                }
                tail.store(sum.mul(rate), out.buffer(), b * channels + tail.whole());
            }
        }
    }

    /** The last step of x (B, T, H); out (B, H). */
    static void lastStep(CpuTensor x, CpuTensor out) {
        int channels = x.columns();
        int steps = x.axis(1);
        for (int b = 0; b < out.rows(); b++) {
            Memory.copy(x.buffer(), (b * steps + steps - 1) * channels, out.buffer(), b * channels, channels);
        }
    }

    /** x (R, C) minus the logarithm of the sum of its exponentials, the sum in float64. */
    static void logSoftmax(CpuTensor x, CpuTensor out) {
        int classes = x.columns();
        ByteBuffer from = x.buffer();
        for (int row = 0; row < x.rows(); row++) {
            int at = row * classes;
            float max = Float.NEGATIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                max = Math.max(max, from.getFloat((at + c) * Float.BYTES));
            }
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += StrictMath.exp((double) from.getFloat((at + c) * Float.BYTES) - max);
            }
            double logSum = max + StrictMath.log(sum);
            for (int c = 0; c < classes; c++) {
                int index = (at + c) * Float.BYTES;
                out.buffer().putFloat(index, (float) (from.getFloat(index) - logSum));
            }
        }
    }
}
