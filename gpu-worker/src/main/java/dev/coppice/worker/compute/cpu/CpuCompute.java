package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.Gelu;
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
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The operations on one processor thread; {@link #parallel} spreads pieces of work over lanes of the same kind. */
final class CpuCompute implements Compute {

    /** Steps whose activations of a few hundred channels fit the second-level cache of a core. */
    private static final int PREFERRED_STEPS = 1024;

    private final Device device;
    private final Precision precision;
    private final MemoryMeter meter;
    private final CpuArena arena;
    private final LaneTeam lanes;
    private final CpuLanguage language;

    CpuCompute(Device device, Precision precision, int threads, MemoryMeter meter) {
        this(device, precision, threads, meter, SsdKernel.CHUNK);
    }

    /** With Mamba-2's scan in chunks of {@code chunk} steps. */
    CpuCompute(Device device, Precision precision, int threads, MemoryMeter meter, int chunk) {
        this.device = device;
        this.precision = precision;
        this.meter = meter;
        arena = new CpuArena(meter);
        lanes = new LaneTeam(threads, () -> new CpuCompute(device, precision, 1, meter));
        language = new CpuLanguage(this, chunk);
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public LanguageOps language() {
        return language;
    }

    @Override
    public Scope scope() {
        return arena.scope();
    }

    @Override
    public Tensor scoped(Supplier<Tensor> work) {
        CpuTensor result;
        try (Scope inner = scope()) {
            result = CpuTensor.of(work.get());
        }
        return arena.moved(List.of(result), this::spread).get(0);
    }

    @Override
    public List<Tensor> scopedAll(Supplier<List<Tensor>> work) {
        List<CpuTensor> results;
        try (Scope inner = scope()) {
            results = work.get().stream().map(CpuTensor::of).toList();
        }
        return List.copyOf(arena.moved(results, this::spread));
    }

    @Override
    public void parallel(int pieces, LaneTask task) {
        lanes.run(pieces, task);
    }

    /** Runs the pieces of one operation on the lanes, as {@link Workers} wants it. */
    void spread(int pieces, Workers.Piece piece) {
        lanes.run(pieces, (number, lane) -> piece.run(number, ((CpuCompute) lane).arena));
    }

    /** The arena of this compute's own tensors. */
    CpuArena arena() {
        return arena;
    }

    @Override
    public int preferredSteps() {
        return PREFERRED_STEPS;
    }

    @Override
    public long peakBytes() {
        return meter.peak();
    }

    CpuTensor allocate(int... shape) {
        return arena.allocate(shape);
    }

    @Override
    public CpuTensor tensor(float[] values, int... shape) {
        CpuTensor tensor = allocate(shape.clone());
        Shapes.check("values", new int[] {values.length}, tensor.size());
        tensor.buffer().asFloatBuffer().put(values);
        return tensor;
    }

    @Override
    public float[] download(Tensor tensor) {
        CpuTensor own = CpuTensor.of(tensor);
        float[] values = new float[own.size()];
        own.buffer().duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
        return values;
    }

    @Override
    public Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        CpuTensor out = allocate(LayerShapes.linear(x, weight, bias));
        LinearKernel.linear(CpuTensor.of(x), CpuTensor.of(weight), bias == null ? null : CpuTensor.of(bias), out);
        return out;
    }

    @Override
    public Tensor embedding(int[] ids, int sequences, Tensor table) {
        CpuTensor out = allocate(sequences, ids.length / sequences, table.columns());
        LinearKernel.embedding(ids, CpuTensor.of(table), out);
        return out;
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor scale, Tensor bias, double epsilon) {
        LayerShapes.channels(x, scale, "bias", bias);
        CpuTensor out = like(x);
        NormKernels.layerNorm(CpuTensor.of(x), CpuTensor.of(scale), CpuTensor.of(bias), (float) epsilon, out);
        return out;
    }

    @Override
    public Tensor channelAffine(Tensor x, Tensor scale, Tensor shift) {
        LayerShapes.channels(x, scale, "shift", shift);
        CpuTensor out = like(x);
        ElementKernels.channelAffine(CpuTensor.of(x), CpuTensor.of(scale), CpuTensor.of(shift), out);
        return out;
    }

    @Override
    public Moments moments(Tensor x) {
        return NormKernels.moments(CpuTensor.of(x));
    }

    @Override
    public MimoSsm prepare(MimoParameters parameters) {
        return CpuMimo.of(parameters, this);
    }

    @Override
    public SisoSsm prepare(SisoParameters parameters, int steps) {
        return CpuSiso.of(parameters, steps);
    }

    @Override
    public Tensor mimo(MimoSsm ssm, Tensor u) {
        CpuMimo own = (CpuMimo) ssm;
        Shapes.check(
                "u", u.shape(), u.shape()[0], u.shape()[1], own.parameters().channels());
        CpuTensor out = like(u);
        try (Scope scratch = scope()) {
            MimoKernel.run(own, CpuTensor.of(u), arena, out);
        }
        return out;
    }

    @Override
    public Tensor siso(SisoSsm ssm, Tensor u) {
        CpuTensor out = like(u);
        ((CpuSiso) ssm).run(CpuTensor.of(u), out);
        return out;
    }

    @Override
    public Tensor maskSteps(Tensor x, int[] lengths) {
        Shapes.lengths(x, lengths);
        CpuTensor out = like(x);
        SequenceKernels.maskSteps(CpuTensor.of(x), lengths, out);
        return out;
    }

    @Override
    public Tensor gelu(Tensor x, Gelu form) {
        CpuTensor out = like(x);
        ActivationKernels.gelu(CpuTensor.of(x), form, out);
        return out;
    }

    @Override
    public Tensor gate(Tensor value, Tensor gate, @Nullable Tensor residual) {
        LayerShapes.gate(value, gate, residual);
        CpuTensor out = like(value);
        ActivationKernels.gate(
                CpuTensor.of(value), CpuTensor.of(gate), residual == null ? null : CpuTensor.of(residual), out);
        return out;
    }

    @Override
    public Tensor glu(Tensor x) {
        CpuTensor out = allocate(LayerShapes.glu(x));
        ActivationKernels.glu(CpuTensor.of(x), out);
        return out;
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        Shapes.check("b", b.shape(), a.shape());
        CpuTensor out = like(a);
        ElementKernels.add(CpuTensor.of(a), CpuTensor.of(b), out);
        return out;
    }

    @Override
    public Tensor meanPool(Tensor x, int[] lengths) {
        Shapes.lengths(x, lengths);
        CpuTensor out = allocate(x.shape()[0], x.columns());
        SequenceKernels.meanPool(CpuTensor.of(x), lengths, out);
        return out;
    }

    @Override
    public Tensor lastStep(Tensor x) {
        CpuTensor out = allocate(x.shape()[0], x.columns());
        SequenceKernels.lastStep(CpuTensor.of(x), out);
        return out;
    }

    @Override
    public Tensor logSoftmax(Tensor x) {
        CpuTensor out = like(x);
        SequenceKernels.logSoftmax(CpuTensor.of(x), out);
        return out;
    }

    private CpuTensor like(Tensor x) {
        return allocate(Arrays.copyOf(x.shape(), x.shape().length));
    }

    @Override
    public void close() {
        lanes.close();
        arena.close();
    }
}
