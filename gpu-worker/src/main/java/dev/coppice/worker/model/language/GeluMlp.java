package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Tensor;
import java.util.function.UnaryOperator;

/**
 * Phi's MLP: fc2(gelu(fc1(x))), GELU in its tanh form.
 *
 * @param in fc1, (I, D), with its bias (I)
 * @param out fc2, (D, I), with its bias (D)
 */
public record GeluMlp(HostArray in, float[] inBias, HostArray out, float[] outBias) implements Mlp {

    @Override
    public UnaryOperator<Tensor> on(Compute compute) {
        Matrix first = compute.matrix(in);
        Tensor firstBias = compute.tensor(inBias, inBias.length);
        Matrix second = compute.matrix(out);
        Tensor secondBias = compute.tensor(outBias, outBias.length);
        return x -> compute.linear(compute.gelu(compute.linear(x, first, firstBias), Gelu.TANH), second, secondBias);
    }

    @Override
    public long parameters() {
        return in.elements() + inBias.length + out.elements() + outBias.length;
    }
}
