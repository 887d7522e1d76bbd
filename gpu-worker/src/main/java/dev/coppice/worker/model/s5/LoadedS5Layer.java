package dev.coppice.worker.model.s5;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.MimoSsm;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.layer.LoadedLayer;
import org.jspecify.annotations.Nullable;

/** A layer on a device. */
final class LoadedS5Layer {

    private final S5Config config;
    private final String name;
    private final LoadedLayer norm;
    private final MimoSsm system;
    private final @Nullable LoadedLayer value;
    private final @Nullable LoadedLayer gate;

    /** Brings layer {@code number} onto {@code compute}, into its innermost open scope. */
    LoadedS5Layer(S5Config config, int number, S5Layer layer, Compute compute) {
        this.config = config;
        name = prefix(number);
        norm = layer.norm().on(compute);
        system = compute.prepare(layer.system().parameters());
        value = layer.value() == null ? null : layer.value().on(compute);
        gate = layer.gate() == null ? null : layer.gate().on(compute);
    }

    /** What the names of a layer's intermediates begin with. */
    static String prefix(int number) {
        return "layer" + number + ".";
    }

    /** Prenorm: x + act(ssm(norm(x))); postnorm: norm(x + act(ssm(x))). x (B, T, H). */
    Tensor run(Compute lane, Tensor x, Observer observer) {
        Tensor in = config.prenorm() ? normed(lane, x, observer) : x;
        observer.see(name + "ssm_in", lane, in);
        Tensor y = lane.mimo(system, in); // (B, T, H)
        observer.see(name + "ssm_out", lane, y);
        Tensor sum = activated(lane, y, x, observer);
        Tensor out = config.prenorm() ? sum : normed(lane, sum, observer);
        observer.see(name + "out", lane, out);
        return out;
    }

    private Tensor normed(Compute lane, Tensor x, Observer observer) {
        observer.see(name + "norm_in", lane, x);
        Tensor out = norm.run(lane, x);
        observer.see(name + "norm_out", lane, out);
        return out;
    }

    /** The activation of y plus the residual. */
    private Tensor activated(Compute lane, Tensor y, Tensor residual, Observer observer) {
        Tensor g = lane.gelu(y, Gelu.TANH);
        if (gate == null) {
            return lane.add(g, residual);
        }
        observer.see(name + "glu_in", lane, g);
        Tensor values = value != null ? value.run(lane, g) : config.activation() == S5Activation.HALF_GLU2 ? y : g;
        return lane.gate(values, gate.run(lane, g), residual);
    }
}
