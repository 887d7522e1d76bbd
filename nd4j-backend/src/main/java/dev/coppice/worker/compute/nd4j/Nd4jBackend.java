package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.environment.Nd4jEnvironment;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J on the library that this build carries: nd4j-native for the processor, or nd4j-cuda-11.6 for NVIDIA GPUs. */
public final class Nd4jBackend implements Backend {

    /** Name of the backend. */
    public static final String NAME = "nd4j";

    /** Java property that bounds the memory of tensors on the processor, such as 4g. */
    static final String MAX_BYTES = "org.bytedeco.javacpp.maxbytes";

    private static final int ELEMENTS_OF_A_THREAD = 1 << 15; // fewer cost less than waking another thread

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean usesGpus() {
        return library() == Nd4jLibrary.GPU;
    }

    private static Nd4jLibrary library() {
        ClassLoader loader = Nd4jBackend.class.getClassLoader();
        return Nd4jLibrary.carried(name -> loader.getResource(name.replace('.', '/') + ".class") != null);
    }

    @Override
    public List<Device> devices() {
        return usesGpus() ? Gpu.all().stream().map(Gpu::device).toList() : List.of(processor());
    }

    private static Device processor() {
        return new Device(
                NAME, CpuBackend.NAME, new CpuBackend().devices().get(0).name(), null, null);
    }

    @Override
    public Set<Precision> precisions() {
        return EnumSet.of(Precision.FLOAT32, Precision.BFLOAT16, Precision.FLOAT16);
    }

    @Override
    public Compute open(String address, int threads, Precision precision) {
        return open(address, MemoryShare.WHOLE, threads, precision);
    }

    @Override
    public Compute open(String address, MemoryShare share, int threads, Precision precision) {
        if (!precisions().contains(precision)) {
            throw new IllegalStateException("the nd4j backend does not compute in " + precision);
        }
        return usesGpus() ? onGpu(address, share, threads, precision) : onProcessor(address, share, threads, precision);
    }

    private static Compute onProcessor(String address, MemoryShare share, int threads, Precision precision) {
        if (!address.equals(CpuBackend.NAME)) {
            throw new IllegalStateException(
                    "the nd4j backend of this build has one device, \"cpu\", and none called \"" + address + "\"");
        }
        start(Nd4jLibrary.PROCESSOR);
        Environment environment = Nd4j.getEnvironment();
        environment.setMaxThreads(threads);
        environment.setMaxMasterThreads(threads);
        environment.setElementwiseThreshold(ELEMENTS_OF_A_THREAD);
        Nd4j.factory().blas().setMaxThreads(threads);
        long limit = processorLimit(System.getProperty(MAX_BYTES)) / share.jobs();
        return new Nd4jCompute(processor(), precision, limit, threads);
    }

    /** Bytes that tensors may take on the processor: what the property says, or all there are. */
    static long processorLimit(@Nullable String property) {
        return property == null
                ? Long.MAX_VALUE
                : Pointer.parseBytes(property, Runtime.getRuntime().maxMemory());
    }

    private static Compute onGpu(String address, MemoryShare share, int threads, Precision precision) {
        List<Gpu> gpus = Gpu.all();
        Gpu gpu = gpus.stream()
                .filter(candidate -> candidate.device().address().equals(address))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no GPU \"" + address + "\" here; there are "
                        + gpus.stream().map(each -> each.device().address()).toList()));
        Device device = gpu.device();
        String refusal = gpu.capability().refusal(device.name());
        if (refusal != null) {
            throw new IllegalStateException(refusal);
        }
        long limit = share.of(device);
        start(Nd4jLibrary.GPU);
        int ordinal = Integer.parseInt(address);
        try {
            Nd4jLibrary.requireDevice(device.name(), seenByNd4j(ordinal));
            Nd4j.getAffinityManager().unsafeSetDevice(ordinal);
        } catch (RuntimeException e) {
            throw GpuFault.meaning(e, gpu.status());
        }
        Compute compute = new Nd4jCompute(device.withMemory(limit), precision, limit, threads);
        return GpuFault.watched(compute, gpu::status);
    }

    /** Name of the GPU of this number, from ND4J. */
    private static String seenByNd4j(int ordinal) {
        Object all = Nd4j.getExecutioner().getEnvironmentInformation().get(Nd4jEnvironment.CUDA_DEVICE_INFORMATION_KEY);
        return all instanceof List<?> gpus && ordinal < gpus.size() && gpus.get(ordinal) instanceof Map<?, ?> gpu
                ? String.valueOf(gpu.get(Nd4jEnvironment.CUDA_DEVICE_NAME_KEY))
                : "nothing";
    }

    private static void start(Nd4jLibrary library) {
        try {
            library.requireLoaded(Nd4j.getBackend().getClass().getName());
        } catch (LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("ND4J does not start here: " + cause + " (docs/gpu.md)", e);
        }
    }
}
