package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.Affine;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.GatedUnit;
import dev.coppice.worker.compute.GatedUnitParameters;
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
import dev.coppice.worker.compute.WeightOps;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The operations on one stream of a GPU. Pieces of work run one after the other: each of them fills the GPU. */
final class CudaCompute implements Compute {

    /** Most steps at once; more gain nothing. */
    private static final long PREFERRED_STEPS = 1 << 18;

    /** Memory for a step: half a dozen activations of 512 channels, and room to spare. */
    private static final long STEP_BYTES = 16 << 10;

    /** Rows of a language model from which on matrix products and scans gain nothing more. */
    private static final int PREFERRED_ROWS = 1 << 14;

    /** Of a job's memory, for each row: ten times what 2.7 billion parameters in 16 bit need. */
    private static final int BYTES_TO_A_ROW = 1 << 20;

    private static final int LEAST_ROWS = 1 << 10;

    private final Device device;
    private final HostThreads threads;
    private final Precision precision;
    private final long limit; // bytes of the GPU's memory
    private final CudaRuntime runtime;
    private final MatrixProducts products;
    private final CudaLanguage language;
    private final WeightKernels weights;

    CudaCompute(Device device, CudaDevice gpu, Precision precision, long limit, int threads) {
        this.device = device;
        this.threads = new HostThreads(threads);
        this.precision = precision;
        this.limit = limit;
        runtime = new CudaRuntime(gpu, precision, limit);
        products = new MatrixProducts(runtime);
        language = new CudaLanguage(runtime, products, rows(limit));
        weights = new WeightKernels(runtime, limit);
    }

    /** Rows of a language model's run in a job that may hold so much memory. */
    static int rows(long limit) {
        return (int) Math.max(LEAST_ROWS, Math.min(PREFERRED_ROWS, limit / BYTES_TO_A_ROW));
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
    public WeightOps weights() {
        return weights;
    }

    @Override
    public Scope scope() {
        int depth = runtime.arena().open();
        return () -> runtime.arena().close(depth, List.of());
    }

    @Override
    public Tensor scoped(Supplier<Tensor> work) {
        return runtime.scoped(() -> List.of(CudaTensor.of(work.get()))).get(0);
    }

    @Override
    public List<Tensor> scopedAll(Supplier<List<Tensor>> work) {
        return List.copyOf(
                runtime.scoped(() -> work.get().stream().map(CudaTensor::of).toList()));
    }

    @Override
    public void parallel(int pieces, LaneTask task) {
        for (int piece = 0; piece < pieces; piece++) {
            try (Scope lane = scope()) {
                task.run(piece, this);
            }
        }
    }

    @Override
    public void onHost(int pieces, IntConsumer work) {
        threads.run(pieces, work);
    }

    @Override
    public int preferredSteps() {
        return (int) Math.min(PREFERRED_STEPS, limit / STEP_BYTES);
    }

    @Override
    public long peakBytes() {
        return runtime.peakBytes();
    }

    @Override
    public void release(Tensor tensor) {
        runtime.drop(CudaTensor.of(tensor));
    }

    @Override
    public CudaTensor tensor(float[] values, int... shape) {
        CudaTensor tensor = runtime.allocate(DType.FLOAT32, shape.clone());
        Shapes.check("values", new int[] {values.length}, Math.toIntExact(tensor.elements()));
        runtime.write(tensor, values);
        return tensor;
    }

    @Override
    public float[] download(Tensor tensor) {
        CudaTensor own = CudaTensor.of(tensor);
        if (own.dtype() == DType.FLOAT32) {
            return runtime.read(own);
        }
        try (Scope widened = scope()) {
            return runtime.read(ElementKernels.convert(runtime, own, DType.FLOAT32));
        }
    }

    @Override
    public Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        int[] shape = LayerShapes.linear(x, weight, bias);
        return language.linear(CudaTensor.of(x), CudaTensor.of(weight), CudaTensor.orNull(bias), shape);
    }

    @Override
    public Tensor embedding(int[] ids, int sequences, Tensor table) {
        Shapes.ids(ids, "position", table.shape()[0]);
        CudaTensor out = runtime.allocate(DType.FLOAT32, sequences, ids.length / sequences, table.columns());
        RowKernels.gather(runtime, CudaTensor.of(table), runtime.ints(ids), out);
        return out;
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor scale, Tensor bias, double epsilon) {
        LayerShapes.channels(x, scale, "bias", bias);
        return NormKernels.layerNorm(runtime, CudaTensor.of(x), CudaTensor.of(scale), CudaTensor.of(bias), epsilon);
    }

    @Override
    public Tensor channelAffine(Tensor x, Tensor scale, Tensor shift) {
        LayerShapes.channels(x, scale, "shift", shift);
        return ElementKernels.channelAffine(runtime, CudaTensor.of(x), CudaTensor.of(scale), CudaTensor.of(shift));
    }

    @Override
    public Moments moments(Tensor x) {
        return PoolKernels.moments(runtime, CudaTensor.of(x));
    }

    @Override
    public MimoSsm prepare(MimoParameters parameters) {
        return DiagonalScans.prepare(runtime, parameters);
    }

    @Override
    public SisoSsm prepare(SisoParameters parameters, int steps) {
        return DiagonalScans.prepare(runtime, parameters, steps);
    }

    @Override
    public GatedUnit prepare(GatedUnitParameters parameters) {
        return CudaGatedUnit.suits(runtime, parameters.channels())
                ? CudaGatedUnit.of(runtime, parameters)
                : GatedUnit.inParts(this, parameters);
    }

    @Override
    public Tensor mimo(MimoSsm ssm, Tensor u) {
        return DiagonalScans.mimo(runtime, products, ssm, CudaTensor.of(u), null);
    }

    @Override
    public Tensor mimo(MimoSsm ssm, Tensor u, Affine before) {
        return DiagonalScans.mimo(runtime, products, ssm, CudaTensor.of(u), before);
    }

    @Override
    public Tensor siso(SisoSsm ssm, Tensor u) {
        return DiagonalScans.siso(runtime, ssm, CudaTensor.of(u));
    }

    @Override
    public Tensor maskSteps(Tensor x, int[] lengths) {
        Shapes.lengths(x, lengths);
        return ElementKernels.maskSteps(runtime, CudaTensor.of(x), lengths);
    }

    @Override
    public Tensor gelu(Tensor x, Gelu form) {
        return ElementKernels.gelu(runtime, CudaTensor.of(x), form);
    }

    @Override
    public Tensor gate(Tensor value, Tensor gate, @Nullable Tensor residual) {
        LayerShapes.gate(value, gate, residual);
        return ElementKernels.gate(runtime, CudaTensor.of(value), CudaTensor.of(gate), CudaTensor.orNull(residual));
    }

    @Override
    public Tensor glu(Tensor x) {
        return ElementKernels.glu(runtime, CudaTensor.of(x));
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        Shapes.check("b", b.shape(), a.shape());
        return ElementKernels.add(runtime, CudaTensor.of(a), CudaTensor.of(b));
    }

    @Override
    public Tensor meanPool(Tensor x, int[] lengths) {
        Shapes.lengths(x, lengths);
        return PoolKernels.meanPool(runtime, CudaTensor.of(x), lengths);
    }

    @Override
    public Tensor lastStep(Tensor x) {
        return PoolKernels.lastStep(runtime, CudaTensor.of(x));
    }

    @Override
    public Tensor logSoftmax(Tensor x) {
        return PoolKernels.logSoftmax(runtime, CudaTensor.of(x));
    }

    @Override
    public void close() {
        threads.close();
        products.close();
        runtime.close();
    }
}
