package dev.coppice.worker.job;

import dev.coppice.results.DidYouMean;
import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.compute.cuda.CudaBackend;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All backends. A new one is a line here; those that not every build carries are found by Java's service loader. */
public final class Backends {

    private static final List<Backend> BACKENDS = Stream.concat(
                    Stream.of(new CpuBackend(), new CudaBackend()),
                    ServiceLoader.load(Backend.class, Backends.class.getClassLoader()).stream()
                            .map(ServiceLoader.Provider::get))
            .toList();

    private static final String ND4J = "nd4j";

    private Backends() {}

    /** Names of all backends. */
    public static List<String> names() {
        return BACKENDS.stream().map(Backend::name).toList();
    }

    /**
     * The backend of this name.
     *
     * @throws IllegalArgumentException when there is none, or this build does not carry it; the message says what to do
     */
    public static Backend of(String name) {
        return BACKENDS.stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no backend \"" + name + "\"; " + instead(name)));
    }

    /** What to do about the name of a backend that is not there. */
    public static String instead(String name) {
        return name.equals(ND4J)
                ? "it is carried by builds of the profile nd4j, or nd4j-cuda for NVIDIA GPUs: mvn -Pnd4j package, or "
                        + "COPPICE_PROFILE=nd4j in the environment of ./coppice (docs/gpu.md)"
                : DidYouMean.hint(name, names());
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
