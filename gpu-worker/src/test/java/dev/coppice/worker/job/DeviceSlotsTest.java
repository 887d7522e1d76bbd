package dev.coppice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.cpu.CpuBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceSlotsTest {

    @Test
    void jobsShareTheNamedDevicesEvenly() {
        DeviceSlots slots = new DeviceSlots(new Gpus("0", "1", "2"), List.of("0", "2"));

        List<DeviceSlots.Slot> held = new ArrayList<>();
        for (int job = 0; job < 4; job++) {
            held.add(slots.take(null));
        }
        assertThat(held).extracting(slot -> slot.device().address()).containsExactly("0", "2", "0", "2");

        held.get(1).close();
        assertThat(slots.take(null).device().address()).isEqualTo("2");
    }

    @Test
    void aJobGetsTheGpuThatSparkAssigned() {
        DeviceSlots slots = new DeviceSlots(new Gpus("0", "1", "2"), List.of());

        assertThat(slots.take("1").device().address()).isEqualTo("1");
        assertThat(slots.take("1").device().address()).isEqualTo("1");
        assertThat(slots.usable(List.of("2", "0"))).extracting(Device::address).containsExactly("2", "0");
    }

    @Test
    void theProcessorIsUsedWhateverSparkAssigned() {
        assertThat(new DeviceSlots(new CpuBackend(), List.of())
                        .take("3")
                        .device()
                        .address())
                .isEqualTo("cpu");
    }

    @Test
    void noOtherDeviceStandsInForOneThatIsNotThere() {
        assertThatThrownBy(() -> new DeviceSlots(new Gpus("0", "1"), List.of()).take("7"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the gpus backend has no device \"7\" here; there are 0, 1");
        assertThatThrownBy(() -> new DeviceSlots(new Gpus("0"), List.of("0", "1")).usable(List.of()))
                .hasMessage("the gpus backend has no device \"1\" here; there are 0");
        assertThatThrownBy(() -> new DeviceSlots(new Gpus("0", "1"), List.of()).take(null))
                .hasMessage("the gpus backend has several devices here (0, 1); say which with worker.device");
        assertThatThrownBy(() -> new DeviceSlots(new Gpus(), List.of()).take(null))
                .hasMessage("the gpus backend has no device here");
    }
}
