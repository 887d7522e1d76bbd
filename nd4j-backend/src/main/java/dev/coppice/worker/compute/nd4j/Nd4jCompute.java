package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.HostThreads;
import dev.coppice.worker.compute.LaneTask;
import dev.coppice.worker.compute.LanguageOps;
import dev.coppice.worker.compute.LayerShapes;
import dev.coppice.worker.compute.MimoParameters;
import dev.coppice.worker.compute.MimoSsm;
import dev.coppice.worker.compute.Moments;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Shapes;
import dev.coppice.worker.compute.SisoParameters;
import dev.coppice.worker.compute.SisoSsm;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.nd4j.Ops.Transposed;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The operations on ND4J's device. An operation is spread over threads by ND4J; pieces of work follow each other. */
final class Nd4jCompute implements Compute {

    private static final int PREFERRED_STEPS = 16_384;

    private final Device device;
    private final Arena arena;
    private final Ops ops;
    private final Nd4jLanguage language;
    private final HostThreads host;

    /** A compute whose arrays take at most {@code limit} bytes. */
    Nd4jCompute(Device device, Precision precision, long limit, int threads) {
        host = new HostThreads(threads);
        this.device = device;
        arena = new Arena(limit);
        ops = new Ops(arena, precision);
        language = new Nd4jLanguage(ops);
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public Precision precision() {
        return ops.precision();
    }

    @Override
    public LanguageOps language() {
        return language;
    }

    @Override
    public Scope scope() {
        int depth = arena.open();
        return () -> arena.close(depth, Set.of());
    }

    @Override
    public Tensor scoped(Supplier<Tensor> work) {
        return scopedAll(() -> List.of(work.get())).get(0);
    }

    @Override
    public List<Tensor> scopedAll(Supplier<List<Tensor>> work) {
        int depth = arena.open();
        Set<INDArray> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        try {
            List<Tensor> results = List.copyOf(work.get());
            for (Tensor result : results) {
                INDArray flat = Nd4jTensor.of(result).flat();
                if (flat != null) {
                    kept.add(flat);
                }
            }
            return results;
        } finally {
            arena.close(depth, kept);
        }
    }

    @Override
    public void parallel(int pieces, LaneTask task) {
        for (int piece = 0; piece < pieces; piece++) {
            try (Scope scope = scope()) {
                task.run(piece, this);
            }
        }
    }

    @Override
    public void onHost(int pieces, IntConsumer work) {
        host.run(pieces, work);
    }

    @Override
    public int preferredSteps() {
        return PREFERRED_STEPS;
    }

    @Override
    public long peakBytes() {
        return arena.peak();
    }

    private Nd4jTensor like(Tensor x, Consumer<Nd4jTensor> work) {
        return ops.into(ops.allocate(x.shape().clone()), work);
    }

    @Override
    public Tensor tensor(float[] values, int... shape) {
        Nd4jTensor tensor = ops.allocate(shape.clone());
        Shapes.check("values", new int[] {values.length}, Math.toIntExact(tensor.elements()));
        return ops.into(tensor, own -> own.vector().assign(ops.floats(values, values.length)));
    }

    @Override
    public float[] download(Tensor tensor) {
        INDArray flat = Nd4jTensor.of(tensor).flat();
        return flat == null ? new float[0] : flat.data().asFloat();
    }

    @Override
    public Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return ops.into(ops.allocate(LayerShapes.linear(x, weight, bias)), out -> {
            Ops.multiply(ops.operand(Ops.rows(x)), ops.operand(Ops.rows(weight)), Transposed.RIGHT, 1, 0, out.matrix());
            if (bias != null) {
                out.matrix().addiRowVector(Nd4jTensor.of(bias).vector());
            }
        });
    }

    @Override
    public Tensor embedding(int[] ids, int sequences, Tensor table) {
        Shapes.ids(ids, "position", table.rows());
        return ops.into(
                ops.allocate(sequences, ids.length / sequences, table.columns()),
                out -> out.matrix().assign(ops.pull(Ops.rows(table), ids)));
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor scale, Tensor bias, double epsilon) {
        LayerShapes.channels(x, scale, "bias", bias);
        return like(x, out -> {
            INDArray y = out.matrix().assign(Ops.rows(x));
            y.subiColumnVector(ops.mean(y, 1));
            INDArray variance = ops.mean(ops.copy(y).muli(y), 1);
            y.diviColumnVector(Transforms.sqrt(variance.addi(epsilon), false));
            y.muliRowVector(Nd4jTensor.of(scale).vector())
                    .addiRowVector(Nd4jTensor.of(bias).vector());
        });
    }

    @Override
    public Tensor channelAffine(Tensor x, Tensor scale, Tensor shift) {
        LayerShapes.channels(x, scale, "shift", shift);
        return like(
                x,
                out -> out.matrix()
                        .assign(Ops.rows(x))
                        .muliRowVector(Nd4jTensor.of(scale).vector())
                        .addiRowVector(Nd4jTensor.of(shift).vector()));
    }

    @Override
    public Moments moments(Tensor x) {
        double[][] sums = new double[2][]; // of values and of squares, (channels) each
        arena.within(() -> {
            INDArray values = ops.cast(Ops.rows(x), DataType.DOUBLE);
            long bytes = (long) x.columns() * Double.BYTES;
            sums[0] = arena.own(bytes, () -> values.sum(0)).toDoubleVector();
            sums[1] = arena.own(bytes, () -> values.muli(values).sum(0)).toDoubleVector();
        });
        return new Moments(x.rows(), sums[0], sums[1]);
    }

    @Override
    public MimoSsm prepare(MimoParameters parameters) {
        return new Mimo(parameters, ops);
    }

    @Override
    public SisoSsm prepare(SisoParameters parameters, int steps) {
        return new Siso(parameters, steps, ops);
    }

    @Override
    public Tensor mimo(MimoSsm ssm, Tensor u) {
        Mimo own = (Mimo) ssm;
        int[] shape = u.shape();
        Shapes.check("u", shape, shape[0], shape[1], own.parameters().channels());
        return like(u, out -> own.run(ops, Nd4jTensor.of(u).as(shape[0], shape[1], shape[2]), out.matrix()));
    }

    @Override
    public Tensor siso(SisoSsm ssm, Tensor u) {
        Siso own = (Siso) ssm;
        int[] shape = u.shape();
        own.check(shape);
        return like(u, out -> own.run(ops, Nd4jTensor.of(u).as(shape[0], shape[1], shape[2]), out.matrix()));
    }

    /** A number in the valid steps of each sequence, 0 behind them, (B, T, 1). */
    private INDArray mask(Tensor x, int[] lengths, IntToDoubleFunction ofLength) {
        int steps = x.shape()[1];
        float[] mask = new float[lengths.length * steps]; // (B, T)
        for (int b = 0; b < lengths.length; b++) {
            Arrays.fill(mask, b * steps, b * steps + lengths[b], (float) ofLength.applyAsDouble(lengths[b]));
        }
        return ops.floats(mask, lengths.length, steps, 1);
    }

    private static INDArray cube(Tensor x) {
        int[] shape = x.shape();
        return Nd4jTensor.of(x).as(shape[0], shape[1], shape[2]);
    }

    @Override
    public Tensor maskSteps(Tensor x, int[] lengths) {
        Shapes.lengths(x, lengths);
        return like(
                x,
                out -> out.matrix()
                        .assign(Ops.rows(x))
                        .muliColumnVector(Ops.view(mask(x, lengths, length -> 1), x.rows(), 1)));
    }

    @Override
    public Tensor gelu(Tensor x, Gelu form) {
        return like(x, out -> {
            INDArray input = Ops.rows(x);
            INDArray inner = ops.copy(input);
            if (form == Gelu.TANH) {
                inner.muli(input).muli(0.044715).addi(1).muli(input).muli(Math.sqrt(2 / Math.PI));
                Transforms.tanh(inner, false);
            } else {
                inner.muli(Math.sqrt(0.5));
                Nd4j.getExecutioner().exec(new Erf(inner, inner));
            }
            out.matrix().assign(inner.addi(1).muli(0.5).muli(input));
        });
    }

    @Override
    public Tensor gate(Tensor value, Tensor gate, @Nullable Tensor residual) {
        LayerShapes.gate(value, gate, residual);
        return like(value, out -> {
            INDArray y = Ops.sigmoid(out.matrix().assign(Ops.rows(gate))).muli(Ops.rows(value));
            if (residual != null) {
                y.addi(Ops.rows(residual));
            }
        });
    }

    @Override
    public Tensor glu(Tensor x) {
        int half = x.columns() / 2;
        return ops.into(ops.allocate(LayerShapes.glu(x)), out -> {
            INDArray rows = Ops.rows(x);
            INDArray gate = Ops.sigmoid(ops.copy(Ops.part(rows, 1, half, 2L * half)));
            out.matrix().assign(Ops.part(rows, 1, 0, half)).muli(gate);
        });
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        Shapes.check("b", b.shape(), a.shape());
        return like(a, out -> out.matrix().assign(Ops.rows(a)).addi(Ops.rows(b)));
    }

    @Override
    public Tensor meanPool(Tensor x, int[] lengths) {
        Shapes.lengths(x, lengths);
        return ops.into(ops.allocate(x.shape()[0], x.columns()), out -> {
            INDArray weighted = ops.copy(cube(x)).muli(mask(x, lengths, length -> 1.0 / length));
            out.matrix().assign(Ops.view(ops.sum(weighted, 1), x.shape()[0], x.columns()));
        });
    }

    @Override
    public Tensor lastStep(Tensor x) {
        return ops.into(
                ops.allocate(x.shape()[0], x.columns()),
                out -> out.matrix().assign(Ops.at(cube(x), 1, x.shape()[1] - 1L)));
    }

    @Override
    public Tensor logSoftmax(Tensor x) {
        return like(x, out -> {
            INDArray y = out.matrix().assign(Ops.rows(x));
            y.subiColumnVector(ops.max(y, 1));
            y.subiColumnVector(Transforms.log(ops.sum(Ops.exp(ops.copy(y)), 1), false));
        });
    }

    @Override
    public void close() {
        host.close();
        arena.close();
        ops.triangles().close();
    }
}
