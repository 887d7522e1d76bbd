package dev.coppice.worker.model.mamba1;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.language.MixerCut;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.language.RowSources;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Mamba-1 mixer without some states: rows of x_proj (B and C) and columns of A_log, the same for all channels, which share B and C.
 *
 * @param shape of the whole mixer
 * @param states those that stay
 */
public record Mamba1Cut(Mamba1Shape shape, int[] states) implements MixerCut {

    @Override
    public MixerShape zeroedShape() {
        return shape;
    }

    @Override
    public MixerShape compactShape() {
        return shape.withStates(states.length);
    }

    @Override
    public Map<String, HostArray> zeroed(String prefix, Function<String, @Nullable HostArray> stored) {
        int[][] kept = new int[shape.states()][0];
        for (int n : states) {
            kept[n] = new int[] {n};
        }
        return Map.of(
                prefix + "x_proj.weight",
                projection(new RowSources(kept)).rows(required(stored, prefix + "x_proj.weight")));
    }

    @Override
    public Map<String, HostArray> compact(String prefix, Function<String, @Nullable HostArray> stored) {
        int[][] kept = new int[states.length][];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = new int[] {states[i]};
        }
        RowSources rows = new RowSources(kept);
        Map<String, HostArray> made = new LinkedHashMap<>();
        made.put(prefix + "x_proj.weight", projection(rows).rows(required(stored, prefix + "x_proj.weight")));
        made.put(prefix + "A_log", rows.columns(required(stored, prefix + "A_log")));
        return made;
    }

    /** Rows of x_proj: those of dt, then B's and C's. */
    private RowSources projection(RowSources rows) {
        return RowSources.all(shape.rank()).and(rows.from(shape.rank())).and(rows.from(shape.rank() + shape.states()));
    }

    private static HostArray required(Function<String, @Nullable HostArray> stored, String name) {
        return Objects.requireNonNull(stored.apply(name), name);
    }

    @Override
    public long zeros() {
        return 0;
    }
}
