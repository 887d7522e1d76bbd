package dev.coppice.worker.model.hybrid;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.language.Flow;
import dev.coppice.worker.model.language.Mixer;
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
        int heads, int kvHeads, double[] frequencies, HostArray query, HostArray key, HostArray value, HostArray output)
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
    public Mixer.Loaded on(Compute compute) {
        Matrix toQuery = compute.matrix(query);
        Matrix toKey = compute.matrix(key);
        Matrix toValue = compute.matrix(value);
        Matrix out = compute.matrix(output);
        return (x, flow, before) -> {
            int[] positions = positions(flow);
            Tensor q = compute.rotate(Columns.all(compute.linear(x, toQuery, null)), positions, frequencies);
            Tensor k = compute.rotate(Columns.all(compute.linear(x, toKey, null)), positions, frequencies);
            Tensor v = compute.linear(x, toValue, null);
            Tensor keys = appended(compute, before.get("k"), k, flow);
            Tensor values = appended(compute, before.get("v"), v, flow);
            Tensor mixed = compute.attention(
                    Columns.all(q), keys, values, heads, kvHeads, flow.segments(), Segments.ofLengths(flow.lengths()));
            return new Mixed(
                    compute.linear(mixed, out, null),
                    flow.carry() == Carry.NOTHING ? Map.of() : Map.of("k", keys, "v", values));
        };
    }

    private static Tensor appended(Compute compute, @Nullable Tensor past, Tensor now, Flow flow) {
        return past == null
                ? now
                : compute.append(
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
