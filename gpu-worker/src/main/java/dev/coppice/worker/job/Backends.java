package dev.coppice.worker.job;

import dev.coppice.results.DidYouMean;
import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.compute.cuda.CudaBackend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All backends. A new one is a line here. */
public final class Backends {

    private static final List<Backend> BACKENDS = List.of(new CpuBackend(), new CudaBackend());

    private Backends() {}

    /** Names of all backends. */
    public static List<String> names() {
        return BACKENDS.stream().map(Backend::name).toList();
    }

    /**
     * The backend of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Backend of(String name) {
        return BACKENDS.stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no backend \"" + name + "\"; " + DidYouMean.hint(name, names())));
    }

    /**
     * A Compute on a device, which must be there; another one never stands in for it.
     *
     * @param address of the device; null where the backend has only one here
     * @throws IllegalArgumentException when there is no such backend
     * @throws IllegalStateException when the device or something it needs is not there; the message says what to do
     */
    public static Compute open(String name, @Nullable String address, int threads, Precision precision) {
        Backend backend = of(name);
        Device device = new DeviceSlots(backend, address == null ? List.of() : List.of(address))
                .usable(List.of())
                .get(0);
        return backend.open(device.address(), threads, precision);
    }
}
