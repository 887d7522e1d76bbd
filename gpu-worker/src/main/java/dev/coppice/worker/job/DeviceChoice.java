package dev.coppice.worker.job;

import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.Device;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the device that was asked for. Another one never stands in for it. */
final class DeviceChoice {

    private DeviceChoice() {}

    static Device of(Backend backend, @Nullable String address) {
        List<Device> devices = backend.devices();
        List<Device> matching = devices.stream()
                .filter(device -> address == null || device.address().equals(address))
                .toList();
        if (matching.isEmpty()) {
            throw new IllegalStateException("the " + backend.name() + " backend has no device "
                    + (address == null ? "" : "\"" + address + "\" ") + "here; there are "
                    + (devices.isEmpty()
                            ? "none"
                            : devices.stream().map(Device::address).toList()));
        }
        if (address == null && matching.size() > 1) {
            throw new IllegalStateException("the " + backend.name() + " backend has several devices here ("
                    + matching.stream().map(Device::address).toList() + "); say which with worker.device");
        }
        return matching.get(0);
    }
}
