package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.MimoParameters;
import dev.coppice.worker.compute.MimoSsm;
import dev.coppice.worker.compute.nd4j.DiagonalScan.Direction;
import dev.coppice.worker.compute.nd4j.Ops.Transposed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * S5's layer (Smith et al. 2023, eq. 2): products with B and C around a scan. States lie with time innermost, as the product with B
 * gives them and the one with C takes them.
 */
final class Mimo implements MimoSsm {

    private static final int CHUNK = 32;
    private static final int MOST_STEPS = 1 << 20;

    private final MimoParameters parameters;
    private final INDArray skip; // (H)
    private final @Nullable Inner inner; // null without states

    /**
     * What the states are made of and read by.
     *
     * @param input B, real parts first, (2P, H)
     * @param outputs of each direction C, times the output factor, (2P, H)
     */
    private record Inner(INDArray input, List<INDArray> outputs, DiagonalScan scan) {}

    Mimo(MimoParameters parameters, Ops ops) {
        this.parameters = parameters;
        int p = parameters.states();
        int h = parameters.channels();
        skip = ops.floats(parameters.d(), h);
        if (p == 0) {
            inner = null;
            return;
        }
        float[] b = new float[2 * p * h]; // (2, P, H)
        for (int i = 0; i < p * h; i++) {
            b[i] = parameters.bBar()[2 * i];
            b[p * h + i] = parameters.bBar()[2 * i + 1];
        }
        List<INDArray> outputs = new ArrayList<>();
        for (int d = 0; d < parameters.directions(); d++) {
            outputs.add(ops.floats(output(parameters, d), 2L * p, h));
        }
        DiagonalScan scan = new DiagonalScan(parameters.lamBarRe(), parameters.lamBarIm(), CHUNK, MOST_STEPS, ops);
        inner = new Inner(ops.floats(b, 2L * p, h), outputs, scan);
    }

    private static float[] output(MimoParameters parameters, int direction) {
        int p = parameters.states();
        int h = parameters.channels();
        float[] c = new float[2 * p * h]; // (2, P, H)
        for (int o = 0; o < h; o++) {
            for (int s = 0; s < p; s++) {
                int at = 2 * ((direction * h + o) * p + s);
                c[s * h + o] = (float) (parameters.outputFactor() * parameters.c()[at]);
                c[(p + s) * h + o] =
                        (float) (-parameters.outputFactor() * parameters.c()[at + 1]);
            }
        }
        return c;
    }

    MimoParameters parameters() {
        return parameters;
    }

    /** Writes y (B T, H) for u (B, T, H). */
    void run(Ops ops, INDArray u, INDArray y) {
        if (inner == null) {
            y.assign(Ops.view(u, y.shape())).muliRowVector(skip);
            return;
        }
        states(ops, inner, u, y);
        y.addi(ops.copy(Ops.view(u, y.shape())).muliRowVector(skip));
    }

    private void states(Ops ops, Inner own, INDArray u, INDArray y) {
        long batch = u.size(0);
        long time = u.size(1);
        long h = parameters.channels();
        long steps = time <= CHUNK ? time : (time + CHUNK - 1) / CHUNK * CHUNK;
        INDArray padded = u;
        if (steps != time) {
            padded = ops.zeros(batch, steps, h);
            Ops.part(padded, 1, 0, time).assign(u);
        }
        INDArray drive = ops.product(own.input(), Ops.view(padded, batch * steps, h), Transposed.RIGHT); // (2P, B T)
        INDArray inputs = Ops.view(drive, 2, parameters.states(), batch, steps);
        INDArray all = steps == time ? y : ops.take(batch * steps, h);
        for (Direction direction : Direction.values()) {
            int d = direction.ordinal();
            if (d < own.outputs().size()) {
                ops.arena().within(() -> {
                    INDArray x = Ops.view(own.scan().run(inputs, direction), drive.shape());
                    Ops.multiply(x, own.outputs().get(d), Transposed.LEFT, 1, d, all);
                });
            }
        }
        if (steps != time) {
            Ops.view(y, batch, time, h).assign(Ops.part(Ops.view(all, batch, steps, h), 1, 0, time));
        }
    }
}
