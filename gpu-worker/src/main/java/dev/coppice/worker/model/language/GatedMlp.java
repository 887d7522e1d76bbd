package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.model.MatrixRole;
import java.util.List;

/**
 * Llama's MLP: down(silu(gate(x)) * up(x)).
 *
 * @param gate (I, D)
 * @param up (I, D)
 * @param down (D, I)
 */
public record GatedMlp(Projection gate, Projection up, Projection down) implements Mlp {

    /** Reads an MLP whose tensors' names begin with {@code prefix}. */
    public static GatedMlp read(ModelTensors tensors, String prefix, int width, int intermediate) {
        return new GatedMlp(
                tensors.projection(prefix + "gate_proj.weight", MatrixRole.MLP, intermediate, width),
                tensors.projection(prefix + "up_proj.weight", MatrixRole.MLP, intermediate, width),
                tensors.projection(prefix + "down_proj.weight", MatrixRole.MLP, width, intermediate));
    }

    @Override
    public Mlp.Loaded on(Compute compute) {
        Projection.Loaded gates = gate.on(compute);
        Projection.Loaded ups = up.on(compute);
        Projection.Loaded downs = down.on(compute);
        return (x, flow) -> downs.apply(
                compute.language()
                        .swiGlu(Columns.all(gates.apply(x, null, flow)), Columns.all(ups.apply(x, null, flow))),
                null,
                flow);
    }

    @Override
    public long parameters() {
        return gate.elements() + up.elements() + down.elements();
    }

    @Override
    public List<Projection> projections() {
        return List.of(gate, up, down);
    }
}
