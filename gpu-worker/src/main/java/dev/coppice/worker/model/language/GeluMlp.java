package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.Tensor;
import java.util.List;

/**
 * Phi's MLP: fc2(gelu(fc1(x))), GELU in its tanh form.
 *
 * @param in fc1, (I, D), with its bias (I)
 * @param out fc2, (D, I), with its bias (D)
 */
public record GeluMlp(Projection in, float[] inBias, Projection out, float[] outBias) implements Mlp {

    @Override
    public Mlp.Loaded on(Compute compute) {
        Projection.Loaded first = in.on(compute);
        Tensor firstBias = compute.tensor(inBias, inBias.length);
        Projection.Loaded second = out.on(compute);
        Tensor secondBias = compute.tensor(outBias, outBias.length);
        return (x, flow) -> second.apply(compute.gelu(first.apply(x, firstBias, flow), Gelu.TANH), secondBias, flow);
    }

    @Override
    public long parameters() {
        return in.elements() + inBias.length + out.elements() + outBias.length;
    }

    @Override
    public List<Projection> projections() {
        return List.of(in, out);
    }
}
