package dev.coppice.worker.job;

import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Devices with addresses, as GPUs have, that compute on the processor; and that can be made to fail. */
public final class Gpus implements Backend {

    private static final long MEMORY = 1L << 30;

    private final List<Device> devices;
    private final AtomicReference<RuntimeException> nextFailure = new AtomicReference<>();

    /** Devices of these addresses. */
    public Gpus(String... addresses) {
        devices = Stream.of(addresses)
                .map(address -> new Device("gpus", address, "a processor", MEMORY, "1.0"))
                .toList();
    }

    /** The next use of a device throws {@code failure}. */
    void failOnce(RuntimeException failure) {
        nextFailure.set(failure);
    }

    @Override
    public String name() {
        return "gpus";
    }

    @Override
    public boolean usesGpus() {
        return true;
    }

    @Override
    public List<Device> devices() {
        return devices;
    }

    @Override
    public Set<Precision> precisions() {
        return Set.of(Precision.FLOAT32);
    }

    @Override
    public Compute open(String address, int threads, Precision precision) {
        return open(address, MemoryShare.WHOLE, threads, precision);
    }

    @Override
    public Compute open(String address, MemoryShare share, int threads, Precision precision) {
        Device device = devices.stream()
                .filter(each -> each.address().equals(address))
                .findFirst()
                .orElseThrow();
        Device own = device.withMemory(share.of(device, MEMORY));
        Compute compute = new CpuBackend().open(CpuBackend.NAME, threads, precision);
        return (Compute) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Compute.class}, (proxy, method, arguments) -> {
                    RuntimeException failure = method.getName().equals("scope") ? nextFailure.getAndSet(null) : null;
                    if (failure != null) {
                        throw failure;
                    }
                    if (method.getName().equals("device")) {
                        return own;
                    }
                    try {
                        return method.invoke(compute, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
