package dev.coppice.worker.model.s4d;

import dev.coppice.worker.compute.Affine;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.GateValue;
import dev.coppice.worker.compute.GatedUnit;
import dev.coppice.worker.compute.GatedUnitParameters;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.SisoSsm;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.layer.LoadedLayer;

/** A layer on a device. */
final class LoadedS4dLayer {

    private final S4dConfig config;
    private final String name;
    private final LoadedLayer norm;
    private final SisoSsm system;
    private final GatedUnit unit;

    /** Brings layer {@code number} onto {@code compute}, into its innermost open scope. */
    LoadedS4dLayer(S4dConfig config, int number, S4dLayer layer, Compute compute) {
        this.config = config;
        name = prefix(number);
        norm = layer.norm().on(compute);
        system = compute.prepare(layer.system().parameters(), config.steps());
        unit = compute.prepare(new GatedUnitParameters(
                config.channels(),
                Gelu.ERF,
                GateValue.PROJECTED,
                layer.output().weight(),
                layer.output().bias()));
    }

    /** What the names of a layer's intermediates begin with. */
    static String prefix(int number) {
        return "layer" + number + ".";
    }

    /** Prenorm: x + block(norm(x)); postnorm: norm(x + block(x)). x (B, T, H), lengths (B). */
    Tensor run(Compute lane, Tensor x, int[] lengths, Observer observer) {
        Tensor in = config.prenorm() ? normed(lane, x, observer) : x;
        Tensor y = system(lane, in, lengths, observer); // (B, T, H)
        if (observer == Observer.NONE) {
            Affine after = config.prenorm() ? null : norm.asAffine();
            Tensor out = unit.run(lane, y, x, after);
            return config.prenorm() || after != null ? out : norm.run(lane, out);
        }
        observer.see(name + "glu_in", lane, lane.gelu(y, Gelu.ERF));
        Tensor block = unit.run(lane, y, null, null);
        observer.see(name + "block_out", lane, block);
        Tensor sum = lane.add(x, block);
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

    private Tensor system(Compute lane, Tensor x, int[] lengths, Observer observer) {
        // Padding would leak into valid steps through the backward direction.
        Tensor input = config.masked() ? lane.maskSteps(x, lengths) : x;
        observer.see(name + "ssm_in", lane, input);
        Tensor y = lane.siso(system, input); // (B, T, H)
        observer.see(name + "ssm_out", lane, y);
        return y;
    }
}
