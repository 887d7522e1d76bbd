package dev.coppice.worker.prune.structure;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.MixerCut;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.prune.Mask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A choice of parts of a model's mixers.
 *
 * @param cuts of the layers that are pruned
 * @param keptPerLayer units left in each layer; none in one without such a mixer
 * @param units in all layers before
 */
record StructureMask(List<LayerCut> cuts, List<Integer> keptPerLayer, long units) implements Mask {

    /**
     * A layer's cut.
     *
     * @param layer its number
     * @param prefix what the names of its mixer's tensors begin with
     */
    record LayerCut(int layer, String prefix, MixerCut cut) {

        /** The tensors of the form with zeros. */
        Map<String, HostArray> zeroed(AssembledModel model) {
            return cut.zeroed(prefix, stored(model));
        }
    }

    StructureMask {
        cuts = List.copyOf(cuts);
        keptPerLayer = List.copyOf(keptPerLayer);
    }

    @Override
    public Model applyTo(Model model) {
        return reshaped((AssembledModel) model, MixerCut::zeroedShape, MixerCut::zeroed);
    }

    @Override
    public Model compact(Model model) {
        return reshaped((AssembledModel) model, MixerCut::compactShape, MixerCut::compact);
    }

    private interface Making {
        Map<String, HostArray> tensors(MixerCut cut, String prefix, Function<String, @Nullable HostArray> stored);
    }

    private Model reshaped(AssembledModel model, Function<MixerCut, MixerShape> shape, Making making) {
        List<MixerShape> mixers = new ArrayList<>(model.config().mixers());
        Map<String, HostArray> tensors = new LinkedHashMap<>();
        for (LayerCut one : cuts) {
            mixers.set(one.layer, shape.apply(one.cut));
            tensors.putAll(making.tensors(one.cut, one.prefix, stored(model)));
        }
        return model.reshaped(mixers, tensors);
    }

    private static Function<String, @Nullable HostArray> stored(AssembledModel model) {
        return name ->
                model.checkpoint().names().contains(name) ? model.checkpoint().read(name) : null;
    }

    @Override
    public double achievedRatio() {
        long kept = keptPerLayer.stream().mapToLong(Integer::longValue).sum();
        return units == 0 ? 0 : (units - kept) / (double) units;
    }

    @Override
    public long zeros() {
        return cuts.stream().mapToLong(one -> one.cut.zeros()).sum();
    }

    @Override
    public long mixerZeros() {
        return zeros();
    }
}
