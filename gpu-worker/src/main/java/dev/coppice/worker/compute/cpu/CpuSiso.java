package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.SisoParameters;
import dev.coppice.worker.compute.SisoSsm;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * An S4D layer, each group of W channels in the formulation that {@link SisoPlan} chose for it.
 *
 * @param channels H
 * @param steps T that a sequence may have at most
 * @param groups formulations of the channels 0 to W - 1, W to 2W - 1, and so on
 */
record CpuSiso(int channels, int steps, List<SisoFormulation> groups) implements SisoSsm {

    static CpuSiso of(SisoParameters parameters, int steps) {
        SisoPlan plan = new SisoPlan(parameters, steps);
        List<SisoFormulation> groups = new ArrayList<>();
        for (int first = 0; first < parameters.channels(); first += Lanes.COUNT) {
            groups.add(plan.formulation(first));
        }
        return new CpuSiso(parameters.channels(), steps, groups);
    }

    /** y for u (B, T, H), group by group, so that what a group has prepared stays in the cache for all sequences. */
    void run(CpuTensor u, CpuTensor y) {
        int length = u.axis(1);
        if (u.columns() != channels || length > steps) {
            throw new IllegalArgumentException("u has " + length + " steps of " + u.columns() + " channels, expected "
                    + channels + " channels and at most " + steps + " steps");
        }
        float[] input = new float[length * Lanes.COUNT]; // (T, W)
        float[] output = new float[length * Lanes.COUNT]; // (T, W)
        float[] scratch = new float[0];
        int sequences = u.axis(2);
        for (int group = 0; group < groups.size(); group++) {
            SisoFormulation formulation = groups.get(group);
            int first = group * Lanes.COUNT;
            if (scratch.length < formulation.scratch()) {
                scratch = new float[formulation.scratch()];
            }
            for (int sequence = 0; sequence < sequences; sequence++) {
                int from = sequence * length * channels + first;
                gather(u, from, input, first);
                formulation.run(input, output, length, scratch);
                scatter(output, y, from, first);
            }
        }
    }

    private void gather(CpuTensor u, int from, float[] panel, int first) {
        int present = Math.min(Lanes.COUNT, channels - first);
        for (int at = 0, index = from; at < panel.length; at += Lanes.COUNT, index += channels) {
            if (present == Lanes.COUNT) {
                Lanes.load(u.buffer(), index).intoArray(panel, at);
            } else {
                for (int lane = 0; lane < present; lane++) {
                    panel[at + lane] = u.buffer().getFloat((index + lane) * Float.BYTES);
                }
            }
        }
    }

    private void scatter(float[] panel, CpuTensor y, int from, int first) {
        int present = Math.min(Lanes.COUNT, channels - first);
        for (int at = 0, index = from; at < panel.length; at += Lanes.COUNT, index += channels) {
            if (present == Lanes.COUNT) {
                Lanes.store(FloatVector.fromArray(Lanes.SPECIES, panel, at), y.buffer(), index);
            } else {
                for (int lane = 0; lane < present; lane++) {
                    y.buffer().putFloat((index + lane) * Float.BYTES, panel[at + lane]);
                }
            }
        }
    }
}
