package dev.coppice.worker.model.hybrid;

import dev.coppice.worker.compute.AttentionInputs;
import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.language.Flow;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.language.Projection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Llama's grouped-query attention with rotary positions.
 *
 * @param frequencies of the rotation, in radians a position (P/2)
 * @param query (heads P, D)
 * @param key (kvHeads P, D)
 * @param value (kvHeads P, D)
 * @param output (D, heads P)
 */
public record AttentionMixer(
        int heads,
        int kvHeads,
        double[] frequencies,
        Projection query,
        Projection key,
        Projection value,
        Projection output)
        implements Mixer {

    @Override
    public long parameters() {
        return query.elements() + key.elements() + value.elements() + output.elements();
    }

    @Override
    public long stateSize() {
        return 0;
    }

    @Override
    public List<Projection> projections() {
        return List.of(query, key, value, output);
    }

    @Override
    public long cacheSize() {
        return (long) key.weight().shape()[0] + value.weight().shape()[0];
    }

    @Override
    public Mixer.Loaded on(Compute compute) {
        Projection.Loaded toQuery = query.on(compute);
        Projection.Loaded toKey = key.on(compute);
        Projection.Loaded toValue = value.on(compute);
        Projection.Loaded out = output.on(compute);
        return (x, flow, before) -> {
            int[] positions = positions(flow);
            Tensor q = compute.language().rotate(Columns.all(toQuery.apply(x, null, flow)), positions, frequencies);
            Tensor k = compute.language().rotate(Columns.all(toKey.apply(x, null, flow)), positions, frequencies);
            Tensor v = toValue.apply(x, null, flow);
            Tensor keys = appended(compute, before.get("k"), k, flow);
            Tensor values = appended(compute, before.get("v"), v, flow);
            Tensor mixed = compute.language()
                    .attention(new AttentionInputs(
                            Columns.all(q),
                            keys,
                            values,
                            heads,
                            kvHeads,
                            flow.segments(),
                            Segments.ofLengths(flow.lengths())));
            return new Mixed(
                    out.apply(mixed, null, flow),
                    flow.carry() == Carry.NOTHING ? Map.of() : Map.of("k", keys, "v", values));
        };
    }

    private static Tensor appended(Compute compute, @Nullable Tensor past, Tensor now, Flow flow) {
        return past == null
                ? now
                : compute.language()
                        .append(
                                past,
                                Segments.ofLengths(flow.pastLengths()),
                                flow.parents(),
                                Columns.all(now),
                                flow.segments());
    }

    private static int[] positions(Flow flow) {
        int[] positions = new int[flow.segments().rows()];
        for (int s = 0; s < flow.segments().count(); s++) {
            for (int t = 0; t < flow.segments().length(s); t++) {
                positions[flow.segments().start(s) + t] = flow.past(s) + t;
            }
        }
        return positions;
    }
}
