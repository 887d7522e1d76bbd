package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.SsdStep;
import jdk.incubator.vector.FloatVector;

/**
 * Decays of one head within a chunk: L_t, the sum of the steps' log decays up to and with step t. Sums are kept as a float and
 * its rest, since their differences count, which are small where the sums are large. Q steps of a chunk.
 */
final class SsdDecays {

    private final SsdParameters parameters;
    private final float[] high; // (Q) L_t
    private final float[] low; // (Q) what the float leaves of L_t
    private final float[] inputScale; // (Q) dt_t, or 1
    private final float[] powers; // (Q) scratch
    private int steps;

    SsdDecays(SsdParameters parameters, int chunk) {
        this.parameters = parameters;
        high = FloatRows.scratch(chunk);
        low = FloatRows.scratch(chunk);
        inputScale = FloatRows.scratch(chunk);
        powers = FloatRows.scratch(chunk);
    }

    /** Takes the raw dt of head {@code head} for {@code count} rows from {@code row} on. */
    void read(CpuColumns dt, int head, int row, int count) {
        steps = count;
        float[] bias = parameters.dtBias();
        double offset = bias == null ? 0 : bias[head];
        double sum = 0;
        for (int t = 0; t < count; t++) {
            double step = Softplus.of(dt.value(row + t, head) + offset);
            if (parameters.step() == SsdStep.DISCRETE) {
                sum -= step;
                inputScale[t] = 1;
            } else {
                step = Math.min(Math.max(step, parameters.dtMin()), parameters.dtMax());
                sum += step * continuousRate(head);
                inputScale[t] = (float) step;
            }
            high[t] = (float) sum;
            low[t] = (float) (sum - high[t]);
        }
    }

    private double continuousRate(int head) {
        float[] a = parameters.a();
        if (a == null) {
            throw new IllegalArgumentException("continuous steps need A");
        }
        return a[head];
    }

    /** weights[s] = exp(L_t - L_s) dt_s for s up to t: how step s enters step t. What follows is undefined. */
    void weightsInto(int t, float[] weights) {
        for (int s = 0; s <= t; s += Lanes.COUNT) {
            FloatVector rest = Lanes.broadcast(low[t]).sub(FloatVector.fromArray(Lanes.SPECIES, low, s));
            Lanes.broadcast(high[t])
                    .sub(FloatVector.fromArray(Lanes.SPECIES, high, s))
                    .add(rest)
                    .intoArray(weights, s);
        }
        Functions.exp(weights, t + 1);
        for (int s = 0; s <= t; s += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.SPECIES, weights, s)
                    .mul(FloatVector.fromArray(Lanes.SPECIES, inputScale, s))
                    .intoArray(weights, s);
        }
    }

    /** decays[t] = exp(L_t): what is left in step t of the state before the chunk. */
    void decaysInto(float[] decays) {
        System.arraycopy(high, 0, powers, 0, high.length);
        Functions.exp(powers, steps);
        System.arraycopy(powers, 0, decays, 0, steps);
    }
}
