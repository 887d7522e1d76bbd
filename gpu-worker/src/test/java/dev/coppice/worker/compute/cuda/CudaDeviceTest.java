package dev.coppice.worker.compute.cuda;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Device;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of machines that the backend cannot use; none of them need be at hand. */
class CudaDeviceTest {

    @Test
    void anOldDriverIsNamedWithWhatIsNeeded() {
        assertThatThrownBy(() -> CudaDevice.requireNew(12_040))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the cuda backend needs a driver for CUDA 13.0 or later, and this one is for CUDA 12.4: "
                        + "update NVIDIA's driver to 580 or later");
        assertThatCode(() -> CudaDevice.requireNew(13_010)).doesNotThrowAnyException();
    }

    @Test
    void aMachineWithoutAGpuIsToldSo() {
        assertThatThrownBy(() -> CudaDevice.requireSome(false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("needs an NVIDIA GPU, and the driver shows none");
    }

    @Test
    void gpusThatAreTooOldAreNamed() {
        assertThatThrownBy(() -> CudaDevice.requireNewer(List.of(), List.of("Tesla V100-SXM2-16GB")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "the cuda backend needs a GPU of compute capability 7.5 or later, and Tesla V100");
        Device usable = new Device("cuda", "1", "NVIDIA A100-SXM4-40GB", 40L << 30, "CUDA 13.0");
        assertThatCode(() -> CudaDevice.requireNewer(List.of(usable), List.of("Tesla V100-SXM2-16GB")))
                .doesNotThrowAnyException();
    }
}
