package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.Affine;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.GateValue;
import dev.coppice.worker.compute.GatedUnit;
import dev.coppice.worker.compute.GatedUnitParameters;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Shapes;
import dev.coppice.worker.compute.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Launches of {@code gated_unit.cu}: GELU, products, gate and residual at once.
 *
 * @param channels H
 * @param weight the gate's rows, or the value's and the gate's, packed
 * @param bias as many, filled up with zeros
 */
record CudaGatedUnit(
        CudaRuntime runtime, int channels, GateValue value, Gelu form, PackedWeight weight, CudaTensor bias)
        implements GatedUnit {

    static final List<KernelSource> SOURCES = sources();

    private static List<KernelSource> sources() {
        List<KernelSource> sources = new ArrayList<>();
        for (Precision precision : List.of(Precision.FLOAT32, Precision.TF32)) {
            for (int channels : new int[] {12, 128, 256, 512}) {
                sources.add(source(channels, GateValue.INPUT, Gelu.TANH, precision));
                sources.add(source(channels, GateValue.ACTIVATED, Gelu.TANH, precision));
                sources.add(source(channels, GateValue.PROJECTED, Gelu.ERF, precision));
            }
        }
        return sources;
    }

    private static KernelSource source(int channels, GateValue value, Gelu form, Precision precision) {
        return TileProducts.source(
                "gated_unit.cu", channels, precision, "VALUE=" + value.ordinal(), "ERF=" + (form == Gelu.ERF ? 1 : 0));
    }

    /** Whether the kernel runs this many channels here. */
    static boolean suits(CudaRuntime runtime, int channels) {
        return TileProducts.suit(runtime, channels, TileProducts.bytes(runtime, TileProducts.padded(channels)));
    }

    static CudaGatedUnit of(CudaRuntime runtime, GatedUnitParameters p) {
        int channels = p.channels();
        int padded = TileProducts.padded(channels);
        int parts = p.bias().length / channels;
        float[] bias = new float[parts * padded];
        for (int part = 0; part < parts; part++) {
            System.arraycopy(p.bias(), part * channels, bias, part * padded, channels);
        }
        float[] weight = new float[parts * padded * padded]; // (parts, padded, padded)
        for (int row = 0; row < parts * channels; row++) {
            int to = (row / channels * padded + row % channels) * padded;
            System.arraycopy(p.weight(), row * channels, weight, to, channels);
        }
        return new CudaGatedUnit(
                runtime,
                channels,
                p.value(),
                p.form(),
                PackedWeight.ofHalves(runtime, parts * padded, padded, weight),
                CudaSiso.tensor(runtime, bias));
    }

    @Override
    public Tensor run(Compute lane, Tensor y, @Nullable Tensor residual, @Nullable Affine after) {
        Shapes.columns("y", y.columns(), channels);
        if (residual != null) {
            Shapes.check("residual", residual.shape(), y.shape());
        }
        CudaTensor out = runtime.allocate(DType.FLOAT32, y.shape().clone());
        int rows = Math.toIntExact(y.rows());
        runtime.launch(source(channels, value, form, runtime.precision()), "gated_unit")
                .grid((rows + TileProducts.TILE - 1) / TileProducts.TILE)
                .block(TileProducts.threads(channels))
                .shared(TileProducts.bytes(runtime, TileProducts.padded(channels)))
                .pointer(CudaTensor.of(y))
                .pointer(weight.tensor())
                .float32(weight.unit())
                .pointer(bias)
                .pointer(CudaTensor.orNull(residual))
                .pointer(after == null ? null : CudaTensor.of(after.scale()))
                .pointer(after == null ? null : CudaTensor.of(after.shift()))
                .pointer(out)
                .int32(rows)
                .int32(channels)
                .int32(runtime.turnBack())
                .run();
        return out;
    }
}
