package dev.coppice.worker.prune.structure;

import dev.coppice.worker.model.language.MixerCut;
import dev.coppice.worker.prune.structure.StructureMask.LayerCut;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Gathers the cuts of a model's layers. */
final class MaskBuilder {

    private final List<LayerCut> cuts = new ArrayList<>();
    private final List<Integer> kept;
    private long units;

    /** For a model of {@code layers} layers. */
    MaskBuilder(int layers) {
        kept = new ArrayList<>(Collections.nCopies(layers, 0));
    }

    /** Adds the cut of a layer that keeps these units; (groups, units). */
    LayerCut add(ScoredLayer layer, MixerCut cut, boolean[][] keep) {
        int left = 0;
        int whole = 0;
        for (boolean[] group : keep) {
            whole += group.length;
            for (boolean one : group) {
                left += one ? 1 : 0;
            }
        }
        return add(layer, cut, left, whole);
    }

    /** Adds the cut of a layer that keeps {@code left} of {@code whole} units. */
    LayerCut add(ScoredLayer layer, MixerCut cut, int left, int whole) {
        units += whole;
        kept.set(layer.number(), left);
        LayerCut made = new LayerCut(layer.number(), layer.prefix(), cut);
        cuts.add(made);
        return made;
    }

    StructureMask build() {
        return new StructureMask(cuts, kept, units);
    }
}
