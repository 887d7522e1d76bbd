package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Moments;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Layer norm and batch statistics. R rows, H channels. */
final class NormKernels {

    private NormKernels() {}

    /** x (R, H), scale (H), bias (H), out (R, H). Mean and biased variance in two passes over each row. */
    static void layerNorm(CpuTensor x, CpuTensor scale, CpuTensor bias, float epsilon, CpuTensor out) {
        int channels = x.columns();
        RowTail tail = new RowTail(channels);
        float[] lanes = new float[Lanes.COUNT];
        for (int row = 0; row < x.rows(); row++) {
            int at = row * channels;
            float mean = sum(x.buffer(), at, 0f, 1, tail, lanes) / channels;
            float variance = sum(x.buffer(), at, mean, 2, tail, lanes) / channels;
            float rate = (float) (1 / Math.sqrt(variance + (double) epsilon));
            for (int h = 0; h < tail.whole(); h += Lanes.COUNT) {
                FloatVector unit = Lanes.load(x.buffer(), at + h).sub(mean).mul(rate);
                Lanes.store(
                        unit.fma(Lanes.load(scale.buffer(), h), Lanes.load(bias.buffer(), h)), out.buffer(), at + h);
            }
            if (tail.rest() > 0) {
                int h = tail.whole();
                FloatVector unit = tail.load(x.buffer(), at + h).sub(mean).mul(rate);
                FloatVector y = unit.fma(tail.load(scale.buffer(), h), tail.load(bias.buffer(), h));
                tail.store(y, out.buffer(), at + h);
            }
        }
    }

    /** Sum over a row of (x - center)^power, lane by lane in a fixed order; {@code lanes} is scratch. */
    private static float sum(ByteBuffer x, int at, float center, int power, RowTail tail, float[] lanes) {
        FloatVector sum = FloatVector.zero(Lanes.SPECIES);
        for (int h = 0; h < tail.whole(); h += Lanes.COUNT) {
            FloatVector centered = Lanes.load(x, at + h).sub(center);
            sum = power == 1 ? sum.add(centered) : centered.fma(centered, sum);
        }
        sum.intoArray(lanes, 0);
        float total = 0;
        for (float lane : lanes) {
            total += lane;
        }
        for (int h = tail.whole(); h < tail.whole() + tail.rest(); h++) {
            float centered = x.getFloat((at + h) * Float.BYTES) - center;
            total += power == 1 ? centered : centered * centered;
        }
        return total;
    }

    /** Channel sums of x (R, H) in float64. */
    static Moments moments(CpuTensor x) {
        int channels = x.columns();
        double[] sum = new double[channels]; // (H)
        double[] squares = new double[channels]; // (H)
        for (int row = 0; row < x.rows(); row++) {
            for (int h = 0; h < channels; h++) {
                double value = x.buffer().getFloat((row * channels + h) * Float.BYTES);
                sum[h] += value;
                squares[h] += value * value;
            }
        }
        return new Moments(x.rows(), sum, squares);
    }
}
