package dev.coppice.worker.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.ComputeMemoryException;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The memory of a real GPU, number 0, which nobody else uses. Not among the tests of a build: docs/gpu.md has the command. */
class MemoryOnGpu {

    private static final int GIB_OF_FLOATS = 1 << 28;
    private static final MemoryShare HALF = MemoryShare.WHOLE.among(2);

    private final CudaBackend backend = new CudaBackend();

    @Test
    void aJobGetsItsPartAndNoMoreAndGoesOn() {
        MemoryShare part = new MemoryShare(512L << 20, 2);
        try (Compute compute = backend.open("0", part, 1, Precision.FLOAT32);
                Scope scope = compute.scope()) {
            assertThat(compute.device().memoryBytes()).isEqualTo(256L << 20);
            assertThatThrownBy(() -> compute.tensor(new float[GIB_OF_FLOATS / 4], GIB_OF_FLOATS / 4))
                    .isInstanceOf(ComputeMemoryException.class)
                    .hasMessageContaining("this job may hold 256 MiB of the GPU's memory");
            assertThat(compute.download(compute.tensor(new float[] {1, 2}, 2))).containsExactly(1, 2);
        }
    }

    @Test
    void twoJobsFillTheirHalvesAtOneTime() {
        long half = HALF.of(gpu(), usable());
        try (CudaRuntime one = runtime(half);
                CudaRuntime other = runtime(half)) {
            long mostOfIt = half - (1L << 30);
            assertThat(filled(one)).isGreaterThan(mostOfIt);
            assertThat(filled(other)).isGreaterThan(mostOfIt);
        }
    }

    @Test
    void aClosedJobLeavesNothingBehind() {
        long before = 0;
        for (int job = 0; job < 4; job++) {
            try (Compute compute = backend.open("0", 1, Precision.BFLOAT16);
                    Scope scope = compute.scope()) {
                Tensor x = compute.tensor(new float[GIB_OF_FLOATS / 4], GIB_OF_FLOATS / 4 / 1024, 1024);
                compute.release(compute.gelu(x, Gelu.ERF));
                compute.download(compute.linear(x, compute.tensor(new float[1 << 20], 1024, 1024), null));
            }
            long free = CudaDevice.open(0).freeBytes();
            before = job == 0 ? free : before; // the first one has loaded kernels and libraries
            assertThat(before - free).as("bytes lost").isLessThan(32L << 20);
        }
    }

    @Test
    void whatAnotherProgramHoldsIsTooLittleMemoryUntilItIsGivenBack() {
        try (CudaRuntime late = runtime(usable())) {
            try (CudaRuntime early = runtime(usable())) {
                assertThat(filled(early)).isGreaterThan(usable() - (1L << 30));
                late.arena().open();
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 16; i++) {
                                late.allocate(DType.FLOAT32, GIB_OF_FLOATS);
                            }
                        })
                        .isInstanceOf(ComputeMemoryException.class)
                        .hasMessageContaining("CUDA_ERROR_OUT_OF_MEMORY")
                        .hasMessageContaining("MiB free");
            }
            assertThat(filled(late)).isGreaterThan(usable() / 2);
        }
    }

    private Device gpu() {
        return backend.devices().get(0);
    }

    private long usable() {
        return MemoryShare.usable(gpu());
    }

    private static CudaRuntime runtime(long limit) {
        return new CudaRuntime(CudaDevice.open(0), Precision.FLOAT32, limit);
    }

    /** Takes blocks of a gibibyte until there are no more, uses each, and tells how many bytes they have. */
    private static long filled(CudaRuntime runtime) {
        runtime.arena().open();
        List<CudaTensor> blocks = new ArrayList<>();
        try {
            while (true) {
                CudaTensor block = runtime.allocate(DType.FLOAT32, GIB_OF_FLOATS);
                runtime.clear(block);
                blocks.add(block);
            }
        } catch (ComputeMemoryException e) {
            runtime.await();
            return blocks.stream()
                    .mapToLong(block -> Objects.requireNonNull(block.memory()).bytes())
                    .sum();
        }
    }
}
