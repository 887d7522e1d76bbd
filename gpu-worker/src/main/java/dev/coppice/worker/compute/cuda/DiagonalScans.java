package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.Affine;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.MimoParameters;
import dev.coppice.worker.compute.MimoSsm;
import dev.coppice.worker.compute.Shapes;
import dev.coppice.worker.compute.SisoParameters;
import dev.coppice.worker.compute.SisoSsm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The layers of S5, by {@code diagonal_scan.cu} and two matrix products, and of S4D. B sequences, T steps, H channels, P states. */
final class DiagonalScans {

    static final List<KernelSource> SOURCES = sources();

    private static final int STATES = 8; // of a block of diagonal_scan
    private static final int THREADS = 512; // of diagonal_scan

    private DiagonalScans() {}

    private static List<KernelSource> sources() {
        List<KernelSource> sources = new ArrayList<>();
        for (DType type : CudaTypes.ELEMENTS) {
            for (int directions = 1; directions <= 2; directions++) {
                sources.add(diagonal(type, directions));
                sources.add(SisoScan.source(type, directions, 8, 4));
                sources.add(SisoScan.source(type, directions, 4, 4));
                sources.add(SisoTiled.source(type, directions, 64, 1));
                sources.add(SisoTiled.source(type, directions, 64, 0));
            }
        }
        return sources;
    }

    private static KernelSource diagonal(DType type, int directions) {
        return new KernelSource("diagonal_scan.cu", "ELEMENT=" + CudaTypes.element(type), "DIRECTIONS=" + directions);
    }

    static MimoSsm prepare(CudaRuntime runtime, MimoParameters parameters) {
        return TiledMimo.suits(runtime, parameters)
                ? TiledMimo.of(runtime, parameters)
                : CudaMimo.of(runtime, parameters);
    }

    static SisoSsm prepare(CudaRuntime runtime, SisoParameters parameters, int steps) {
        return CudaSiso.of(runtime, parameters, steps);
    }

    /** y (B, T, H) of u (B, T, H), of u's type, or of what {@code before} makes of it. */
    static CudaTensor mimo(
            CudaRuntime runtime, MatrixProducts products, MimoSsm ssm, CudaTensor u, @Nullable Affine before) {
        if (ssm instanceof TiledMimo tiled) {
            Shapes.check("u", u.shape(), u.shape()[0], u.shape()[1], tiled.channels());
            return tiled.run(runtime, u, before);
        }
        if (before != null) {
            CudaTensor in = ElementKernels.channelAffine(
                    runtime, u, CudaTensor.of(before.scale()), CudaTensor.of(before.shift()));
            CudaTensor y = mimo(runtime, products, ssm, in, null);
            runtime.drop(in);
            return y;
        }
        if (!(ssm instanceof CudaMimo own)) {
            throw new IllegalArgumentException("an S5 layer of another backend");
        }
        Shapes.check("u", u.shape(), u.shape()[0], u.shape()[1], own.channels());
        int rows = Math.toIntExact(u.rows());
        int width = 2 * own.states();
        if (width == 0 || rows == 0) {
            return ElementKernels.channelAffine(runtime, u, own.d(), own.zeros());
        }
        CudaTensor y =
                ElementKernels.channelAffine(runtime, u, own.d(), own.zeros()); // d u, to which the rest is added
        CudaTensor in = ElementKernels.convert(runtime, u, runtime.type());
        CudaTensor driven = runtime.allocate(DType.FLOAT32, rows, width); // bBar u
        products.product(
                rows,
                width,
                own.channels(),
                MatrixProducts.Operand.of(in),
                MatrixProducts.Operand.of(own.bBar()),
                MatrixProducts.Operand.of(driven),
                null);
        if (in != u) {
            runtime.drop(in);
        }
        CudaTensor states = runtime.allocate(runtime.type(), rows, own.directions() * width);
        long perState = (long) u.shape()[0] * own.states();
        runtime.launch(diagonal(runtime.type(), own.directions()), "diagonal_scan")
                .grid((perState + STATES - 1) / STATES)
                .block(THREADS)
                .pointer(driven)
                .pointer(own.lam())
                .pointer(states)
                .int32(u.shape()[0])
                .int32(u.shape()[1])
                .int32(own.states())
                .run();
        runtime.drop(driven);
        products.addProduct(
                rows,
                own.channels(),
                own.directions() * width,
                MatrixProducts.Operand.of(states),
                MatrixProducts.Operand.of(own.c()),
                MatrixProducts.Operand.of(y));
        runtime.drop(states);
        return y;
    }

    /** y (B, T, H) of u (B, T, H), of u's type. */
    static CudaTensor siso(CudaRuntime runtime, SisoSsm ssm, CudaTensor u) {
        if (!(ssm instanceof CudaSiso own)) {
            throw new IllegalArgumentException("an S4D layer of another backend");
        }
        int[] shape = u.shape();
        if (u.columns() != own.channels() || shape[1] > own.steps()) {
            throw new IllegalArgumentException("u has " + shape[1] + " steps of " + u.columns() + " channels, expected "
                    + own.channels() + " channels and at most " + own.steps() + " steps");
        }
        CudaTensor y = runtime.allocate(u.dtype(), shape.clone());
        CudaTensor partial = own.directions() == 1
                ? null
                : u.dtype() == DType.FLOAT32 ? y : runtime.allocate(DType.FLOAT32, shape.clone());
        own.form().run(runtime, u, partial, y);
        if (partial != y) {
            runtime.drop(partial);
        }
        return y;
    }
}
