package dev.coppice.worker.compute.cuda;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.DeviceLostException;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import org.junit.jupiter.api.Test;

/** A kernel that writes where no memory is takes a real GPU, number 0, from its process. Alone in its process; see docs/gpu.md. */
class FaultOnGpu {

    private static final long NO_MEMORY = 16;

    @Test
    void aFaultInAKernelLosesTheDeviceForTheWholeProcess() {
        new CudaBackend().devices(); // starts the driver
        CudaRuntime faulty = new CudaRuntime(CudaDevice.open(0), Precision.FLOAT32, 1L << 30);
        faulty.launch(new KernelSource("fault.cu"), "fault").pointer(NO_MEMORY).run();
        assertThatThrownBy(faulty::await)
                .isInstanceOf(DeviceLostException.class)
                .hasMessageContaining("CUDA_ERROR_ILLEGAL_ADDRESS")
                .hasMessageContaining("of no use to this process any more");
        assertThatThrownBy(() -> {
                    try (Compute next = new CudaBackend().open("0", 1, Precision.FLOAT32);
                            Scope scope = next.scope()) {
                        next.download(next.tensor(new float[] {1}, 1));
                    }
                })
                .isInstanceOf(DeviceLostException.class);
        faulty.close();
    }
}
