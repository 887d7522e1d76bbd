package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Tensor;
import java.util.function.UnaryOperator;

/**
 * Llama's MLP: down(silu(gate(x)) * up(x)).
 *
 * @param gate (I, D)
 * @param up (I, D)
 * @param down (D, I)
 */
public record GatedMlp(HostArray gate, HostArray up, HostArray down) implements Mlp {

    /** Reads an MLP whose tensors' names begin with {@code prefix}. */
    public static GatedMlp read(ModelTensors tensors, String prefix, int width, int intermediate) {
        return new GatedMlp(
                tensors.matrix(prefix + "gate_proj.weight", intermediate, width),
                tensors.matrix(prefix + "up_proj.weight", intermediate, width),
                tensors.matrix(prefix + "down_proj.weight", width, intermediate));
    }

    @Override
    public UnaryOperator<Tensor> on(Compute compute) {
        Matrix gates = compute.matrix(gate);
        Matrix ups = compute.matrix(up);
        Matrix downs = compute.matrix(down);
        return x -> compute.linear(
                compute.swiGlu(Columns.all(compute.linear(x, gates, null)), Columns.all(compute.linear(x, ups, null))),
                downs,
                null);
    }

    @Override
    public long parameters() {
        return gate.elements() + up.elements() + down.elements();
    }
}
