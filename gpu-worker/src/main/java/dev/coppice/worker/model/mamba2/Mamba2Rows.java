package dev.coppice.worker.model.mamba2;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.language.RowSources;
import dev.coppice.worker.model.mamba2.Mamba2Shape.OutProjection;
import dev.coppice.worker.model.mamba2.Mamba2Shape.Part;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Another mixer made of the rows of one: those of in_proj, and with them the convolution's channels (x, B, C), the heads' parameters (dt), the
 * norm's or gate's scales and out_proj's columns (z).
 *
 * @param old shape of the mixer that the rows come from
 * @param shape of the new one
 * @param parts for each part of in_proj the rows within it that make the new ones
 * @param normFactor what the norm's scale is multiplied with
 * @param bias added behind out_proj (D), or null
 */
public record Mamba2Rows(
        Mamba2Shape old, Mamba2Shape shape, Map<Part, RowSources> parts, double normFactor, float @Nullable [] bias) {

    private static final List<Part> CONVOLVED = List.of(Part.X, Part.B, Part.C);

    /** All rows of the mixer but those of the given parts, which are chosen. */
    static Mamba2Rows of(Mamba2Shape old, Mamba2Shape shape, Map<Part, RowSources> chosen, double normFactor) {
        Map<Part, RowSources> parts = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            parts.put(part, chosen.getOrDefault(part, RowSources.all(old.rows(part))));
        }
        return new Mamba2Rows(old, shape, parts, normFactor, null);
    }

    /** The same with a bias (D) behind out_proj. */
    Mamba2Rows with(float[] outBias) {
        return new Mamba2Rows(old, shape.withOutProjection(OutProjection.BIASED), parts, normFactor, outBias);
    }

    /** Weights of in_proj and the convolution that are zero because no row makes them. */
    long zeros(boolean biasedConvolution) {
        long each = old.width() + old.convWidth() + (biasedConvolution ? 1 : 0);
        return each * CONVOLVED.stream().mapToLong(part -> rows(part).zeros()).sum();
    }

    /**
     * The new mixer's tensors, by name.
     *
     * @param prefix what the names begin with
     * @param stored the old mixer's tensors by name; null where there is none
     */
    Map<String, HostArray> tensors(String prefix, Function<String, @Nullable HostArray> stored) {
        Map<String, HostArray> made = new LinkedHashMap<>();
        RowSources projected = new RowSources(new int[0][]);
        for (Part part : old.order()) {
            projected = projected.and(rows(part).from(old.from(part)));
        }
        RowSources convolved = new RowSources(new int[0][]);
        int first = 0;
        for (Part part : CONVOLVED) {
            convolved = convolved.and(rows(part).from(first));
            first += old.rows(part);
        }
        put(made, prefix + "in_proj.weight", stored, projected::rows);
        put(made, prefix + "conv1d.weight", stored, convolved::rows);
        put(made, prefix + "conv1d.bias", stored, convolved::rows);
        put(made, prefix + "A_log", stored, rows(Part.DT)::rows);
        put(made, prefix + "dt_bias", stored, rows(Part.DT)::rows);
        put(made, prefix + "D", stored, rows(Part.DT)::rows);
        put(made, prefix + "norm.weight", stored, scale -> scaled(rows(Part.Z).rows(scale)));
        put(made, prefix + "z_bias", stored, rows(Part.Z)::rows);
        put(made, prefix + "out_proj.weight", stored, rows(Part.Z)::columns);
        if (bias != null) {
            HostArray before = stored.apply(prefix + "out_proj.bias");
            made.put(
                    prefix + "out_proj.bias",
                    HostArray.ofFloats(before == null ? bias : sum(bias, before), bias.length));
        }
        return made;
    }

    private RowSources rows(Part part) {
        return Objects.requireNonNull(parts.get(part));
    }

    private HostArray scaled(HostArray scale) {
        if (normFactor == 1) {
            return scale;
        }
        float[] values = scale.toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] * normFactor);
        }
        return HostArray.ofFloats(values, scale.shape());
    }

    private static float[] sum(float[] bias, HostArray before) {
        float[] sum = before.toFloats();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += bias[i];
        }
        return sum;
    }

    private static void put(
            Map<String, HostArray> made,
            String name,
            Function<String, @Nullable HostArray> stored,
            Function<HostArray, HostArray> making) {
        HostArray tensor = stored.apply(name);
        if (tensor != null) {
            made.put(name, making.apply(tensor));
        }
    }
}
