package dev.coppice.worker.prune.structure;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.Block;
import dev.coppice.worker.model.language.Projection;
import dev.coppice.worker.prune.Mask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A choice of blocks or mixers.
 *
 * @param layers of the model
 * @param units layers that could go
 * @param removed those that do
 */
record RemovalMask(Removal removal, int layers, Set<Integer> units, Set<Integer> removed) implements Mask {

    RemovalMask {
        units = Set.copyOf(units);
        removed = Set.copyOf(removed);
    }

    /** What a removed unit adds to the stream is zero: the last matrix of the mixer, and of the block's MLP, and their biases. */
    @Override
    public Model applyTo(Model model) {
        AssembledModel assembled = (AssembledModel) model;
        Map<String, HostArray> zeroed = new LinkedHashMap<>();
        for (int layer : removed) {
            Block block = assembled.parts().blocks().get(layer);
            zero(assembled, block.mixer().projections(), zeroed);
            if (removal == Removal.BLOCK && block.mlp() != null) {
                zero(assembled, block.mlp().projections(), zeroed);
            }
        }
        return assembled.replacing(zeroed);
    }

    private static void zero(AssembledModel model, List<Projection> projections, Map<String, HostArray> zeroed) {
        String weight = projections.get(projections.size() - 1).name();
        String bias = weight.substring(0, weight.lastIndexOf('.')) + ".bias";
        zeroed.put(weight, zeros(model.checkpoint().read(weight)));
        if (model.checkpoint().names().contains(bias)) {
            zeroed.put(bias, zeros(model.checkpoint().read(bias)));
        }
    }

    private static HostArray zeros(HostArray tensor) {
        return new HostArray(
                tensor.dtype(),
                tensor.shape(),
                ByteBuffer.allocateDirect(tensor.bytes().remaining()).order(ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    public Model compact(Model model) {
        return removal.without((AssembledModel) model, removed);
    }

    @Override
    public double achievedRatio() {
        return removed.size() / (double) units.size();
    }

    @Override
    public List<Integer> keptPerLayer() {
        return IntStream.range(0, layers)
                .mapToObj(layer -> units.contains(layer) && !removed.contains(layer) ? 1 : 0)
                .toList();
    }
}
