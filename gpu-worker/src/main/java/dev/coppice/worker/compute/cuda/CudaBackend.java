package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.compute.Precision;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** NVIDIA GPUs, when the machine has them and what calls them. */
public final class CudaBackend implements Backend {

    /** Name of the backend. */
    public static final String NAME = "cuda";

    private static final int FIRST_WITH_BFLOAT16_AND_TF32 = 80;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean usesGpus() {
        return true;
    }

    @Override
    public List<Device> devices() {
        return CudaDevice.all();
    }

    @Override
    public Set<Precision> precisions() {
        return Set.of(Precision.values());
    }

    @Override
    public Set<Precision> classifierPrecisions() {
        return EnumSet.of(Precision.FLOAT32, Precision.TF32);
    }

    @Override
    public Compute open(String address, int threads, Precision precision) {
        return open(address, MemoryShare.WHOLE, threads, precision);
    }

    @Override
    public Compute open(String address, MemoryShare share, int threads, Precision precision) {
        Device device = devices().stream()
                .filter(candidate -> candidate.address().equals(address))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no GPU \"" + address + "\" here; there are "
                        + devices().stream().map(Device::address).toList()));
        long limit = share.of(device);
        CudaDevice gpu = CudaDevice.open(Integer.parseInt(address));
        if ((precision == Precision.BFLOAT16 || precision == Precision.TF32)
                && gpu.architecture() < FIRST_WITH_BFLOAT16_AND_TF32) {
            throw new IllegalStateException(device.name() + " does not compute in " + precision
                    + ", which needs compute capability 8.0; use float16 or float32");
        }
        return new CudaCompute(device.withMemory(limit), gpu, precision, limit, threads);
    }
}
