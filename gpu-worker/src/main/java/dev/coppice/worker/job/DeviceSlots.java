package dev.coppice.worker.job;

import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.Device;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The devices that the jobs of a process run on. A job to which Spark assigned a GPU gets that one; the others share those
 * that the settings name, each taking the one with the fewest jobs. Another device never stands in for one that is not there.
 */
final class DeviceSlots {

    private final Backend backend;
    private final List<String> addresses;
    private final Map<String, Integer> jobs = new HashMap<>(); // running, by the device's address

    /**
     * Slots on devices of {@code backend}.
     *
     * @param addresses of those that jobs without an assignment share; none for the backend's only one
     */
    DeviceSlots(Backend backend, List<String> addresses) {
        this.backend = backend;
        this.addresses = addresses;
    }

    /** A job's hold of a device, until it is closed. */
    final class Slot implements AutoCloseable {

        private final Device device;

        private Slot(Device device) {
            this.device = device;
        }

        Device device() {
            return device;
        }

        @Override
        public void close() {
            release(device);
        }
    }

    /**
     * A device for a job.
     *
     * @param gpu address that Spark assigned; null for none. A backend without GPUs makes no use of it
     * @throws IllegalStateException when the device is not there
     */
    synchronized Slot take(@Nullable String gpu) {
        Device device = assigned(gpu).stream()
                .min((a, b) -> Integer.compare(running(a), running(b)))
                .orElseThrow();
        jobs.merge(device.address(), 1, Integer::sum);
        return new Slot(device);
    }

    private int running(Device device) {
        return jobs.getOrDefault(device.address(), 0);
    }

    private synchronized void release(Device device) {
        jobs.merge(device.address(), -1, Integer::sum);
    }

    /**
     * The devices that jobs may get.
     *
     * @param gpus addresses that Spark assigned to the process; empty for none
     * @throws IllegalStateException when one is not there
     */
    List<Device> usable(List<String> gpus) {
        List<String> named = backend.usesGpus() && !gpus.isEmpty() ? gpus : addresses;
        return named.isEmpty()
                ? List.of(only())
                : named.stream().map(this::device).toList();
    }

    private List<Device> assigned(@Nullable String gpu) {
        return usable(gpu == null ? List.of() : List.of(gpu));
    }

    private Device device(String address) {
        List<Device> devices = backend.devices();
        return devices.stream()
                .filter(device -> device.address().equals(address))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the " + backend.name() + " backend has no device \""
                        + address + "\" here; there are " + names(devices)));
    }

    private Device only() {
        List<Device> devices = backend.devices();
        if (devices.isEmpty()) {
            throw new IllegalStateException("the " + backend.name() + " backend has no device here");
        }
        if (devices.size() > 1) {
            throw new IllegalStateException("the " + backend.name() + " backend has several devices here ("
                    + names(devices) + "); say which with worker.device");
        }
        return devices.get(0);
    }

    private static String names(List<Device> devices) {
        return devices.isEmpty()
                ? "none"
                : String.join(", ", devices.stream().map(Device::address).toList());
    }
}
