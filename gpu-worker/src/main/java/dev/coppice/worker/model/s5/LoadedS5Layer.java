package dev.coppice.worker.model.s5;

import dev.coppice.worker.compute.Affine;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.GateValue;
import dev.coppice.worker.compute.GatedUnit;
import dev.coppice.worker.compute.GatedUnitParameters;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.MimoSsm;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.layer.Linear;
import dev.coppice.worker.model.layer.LoadedLayer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A layer on a device. */
final class LoadedS5Layer {

    private final S5Config config;
    private final String name;
    private final LoadedLayer norm;
    private final MimoSsm system;
    private final @Nullable GatedUnit unit;

    /** Brings layer {@code number} onto {@code compute}, into its innermost open scope. */
    LoadedS5Layer(S5Config config, int number, S5Layer layer, Compute compute) {
        this.config = config;
        name = prefix(number);
        norm = layer.norm().on(compute);
        system = compute.prepare(layer.system().parameters());
        unit = layer.gate() == null ? null : compute.prepare(unit(config, layer, layer.gate()));
    }

    private static GatedUnitParameters unit(S5Config config, S5Layer layer, Linear gate) {
        Linear value = layer.value();
        if (value == null) {
            GateValue gated = config.activation() == S5Activation.HALF_GLU2 ? GateValue.INPUT : GateValue.ACTIVATED;
            return new GatedUnitParameters(config.channels(), Gelu.TANH, gated, gate.weight(), gate.bias());
        }
        return new GatedUnitParameters(
                config.channels(),
                Gelu.TANH,
                GateValue.PROJECTED,
                joined(value.weight(), gate.weight()),
                joined(value.bias(), gate.bias()));
    }

    private static float[] joined(float[] first, float[] second) {
        float[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** What the names of a layer's intermediates begin with. */
    static String prefix(int number) {
        return "layer" + number + ".";
    }

    /** Prenorm: x + act(ssm(norm(x))); postnorm: norm(x + act(ssm(x))). x (B, T, H). */
    Tensor run(Compute lane, Tensor x, Observer observer) {
        Tensor y = system(lane, x, observer); // (B, T, H)
        observer.see(name + "ssm_out", lane, y);
        Tensor sum = activated(lane, y, x, observer);
        Tensor out = config.prenorm() ? sum : normed(lane, sum, observer);
        observer.see(name + "out", lane, out);
        return out;
    }

    private Tensor system(Compute lane, Tensor x, Observer observer) {
        Affine before = norm.asAffine();
        if (config.prenorm() && before != null && observer == Observer.NONE) {
            return lane.mimo(system, x, before);
        }
        Tensor in = config.prenorm() ? normed(lane, x, observer) : x;
        observer.see(name + "ssm_in", lane, in);
        return lane.mimo(system, in);
    }

    private Tensor normed(Compute lane, Tensor x, Observer observer) {
        observer.see(name + "norm_in", lane, x);
        Tensor out = norm.run(lane, x);
        observer.see(name + "norm_out", lane, out);
        return out;
    }

    /** The activation of y plus the residual. */
    private Tensor activated(Compute lane, Tensor y, Tensor residual, Observer observer) {
        if (unit == null) {
            return lane.add(lane.gelu(y, Gelu.TANH), residual);
        }
        if (observer != Observer.NONE) {
            observer.see(name + "glu_in", lane, lane.gelu(y, Gelu.TANH));
        }
        return unit.run(lane, y, residual, null);
    }
}
