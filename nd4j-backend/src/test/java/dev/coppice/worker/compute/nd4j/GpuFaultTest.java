package dev.coppice.worker.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.ComputeMemoryException;
import dev.coppice.worker.compute.DeviceLostException;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.exception.ND4JException;
import org.nd4j.linalg.exception.ND4JIllegalStateException;

/** What exceptions of ND4J's CUDA library mean, decided from their text and a number; and that nothing else changes on its way. */
class GpuFaultTest {

    private static final int FINE = 0;
    private static final int ILLEGAL_ADDRESS = 700;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cudaStreamSynchronize failed; Error code: 700",
                "DataBuffer::syncToPrimary failed to to some previous kernel failre; Error code: [719]",
                "[DEVICE] deallocation failed; Error code: [214]",
                "Allocation failed: [[DEVICE] allocation failed; Error code: [716]] for amount of memory 64 bytes",
                "cudaStreamSynchronize failed; Bytes: [64]; Error code [999]; DEVICE [0]",
            })
    void aFaultThatTheTextNamesLosesTheDevice(String text) {
        RuntimeException thrown = new RuntimeException(text);
        assertThat(GpuFault.meaning(thrown, FINE))
                .isInstanceOf(DeviceLostException.class)
                .hasMessageContaining(text)
                .hasMessageContaining("no use to this process")
                .hasCause(thrown);
    }

    @ParameterizedTest
    @ValueSource(ints = {46, 214, 220, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 802, 999})
    void aFaultThatTheDeviceTellsLosesItWhateverTheTextIs(int status) {
        assertThat(GpuFault.meaning(new ND4JException("CUDA exception happened. Terminating. Last op: [null]"), status))
                .isInstanceOf(DeviceLostException.class)
                .hasMessageContaining("Last op")
                .hasMessageContaining("CUDA error " + status);
        assertThat(GpuFault.meaning(
                        new RuntimeException("MmulHelper::mmulMxM cuda failed !; Error code: [13]"),
                        status)) // of cuBLAS
                .isInstanceOf(DeviceLostException.class);
        assertThat(GpuFault.meaning(new NullPointerException(), status)).isInstanceOf(DeviceLostException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Allocation failed: [[DEVICE] allocation failed; Error code: [2]] for amount of memory 9 bytes",
                "cudaMalloc failed; Bytes: [99]; Error code [2]; DEVICE [0]",
                "Failed to allocate 99 bytes from DEVICE [0] memory",
                "Requested amount exceeds device limits; Requested bytes: [99]",
            })
    void tooLittleMemoryIsTheJobsAffair(String text) {
        RuntimeException thrown = new RuntimeException(text);
        assertThat(GpuFault.meaning(thrown, FINE))
                .isInstanceOf(ComputeMemoryException.class)
                .hasMessageContaining(text)
                .hasMessageContaining("run fewer jobs at a time")
                .hasCause(thrown);
        assertThat(GpuFault.meaning(thrown, 2)).isInstanceOf(ComputeMemoryException.class);
    }

    @Test
    void anyOtherErrorIsItself() {
        for (RuntimeException thrown : new RuntimeException[] {
            new RuntimeException("MmulHelper::mmulMxM cuda failed !; Error code: [7]"),
            new RuntimeException("Op with name 700 is unknown"),
            new ND4JIllegalStateException("Op.X [700] and Op.Y [719] lengths should match"),
            new IllegalArgumentException("u has shape [2, 700], not [2, 3]"),
            new NullPointerException(),
            new ComputeMemoryException("no room"),
            new DeviceLostException("gone"),
        }) {
            assertThat(GpuFault.meaning(thrown, FINE)).isSameAs(thrown);
            assertThat(GpuFault.meaning(thrown, 1)).isSameAs(thrown);
        }
    }

    /** What {@code work} throws on a compute whose device has this status. */
    private static RuntimeException thrown(int status, Consumer<Compute> work) {
        try (Compute compute = GpuFault.watched(new Nd4jBackend().open("cpu", 1, Precision.FLOAT32), () -> status)) {
            return catchRuntimeException(() -> work.accept(compute));
        }
    }

    private static void linear(Compute compute) {
        Tensor x = compute.tensor(new float[6], 2, 3);
        assertThat(compute.linear(x, x, null)).isNotNull(); // (2, 3) times (2, 3)'
        compute.linear(x, compute.tensor(new float[8], 2, 4), null);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "700, true"})
    void everyWayOutOfAComputeIsWatched(int status, boolean lost) {
        Class<?> expected = lost ? DeviceLostException.class : IllegalArgumentException.class;
        assertThat(thrown(status, compute -> {
                    try (Scope scope = compute.scope()) {
                        linear(compute);
                    }
                }))
                .isInstanceOf(expected)
                .hasMessageContaining("[2, 4]");
        assertThat(thrown(status, compute -> compute.parallel(2, (piece, lane) -> linear(lane))))
                .isInstanceOf(expected);
        assertThat(thrown(status, compute -> {
                    try (Scope scope = compute.scope()) {
                        Tensor x = compute.tensor(new float[6], 2, 3);
                        compute.language().rmsNorm(x, x, 1e-5);
                    }
                }))
                .isInstanceOf(expected);
        assertThat(thrown(status, compute -> {
                    Scope outer = compute.scope();
                    assertThat(compute.scope()).isNotNull();
                    outer.close();
                }))
                .isInstanceOf(lost ? DeviceLostException.class : IllegalStateException.class);
    }

    @Test
    void errorsOfND4jItselfAndErrorsOfJavaPassUnchanged() {
        Tensor[] kept = new Tensor[1];
        Compute compute = GpuFault.watched(new Nd4jBackend().open("cpu", 1, Precision.FLOAT32), () -> FINE);
        Scope scope = compute.scope();
        kept[0] = compute.tensor(new float[6], 2, 3);
        assertThat(compute.download(kept[0])).containsOnly(0);
        compute.close();
        assertThatThrownBy(() -> compute.download(kept[0])).hasStackTraceContaining("org.nd4j");
        OutOfMemoryError error = new OutOfMemoryError("heap");
        assertThatThrownBy(() -> compute.parallel(1, (piece, lane) -> {
                    throw error;
                }))
                .isSameAs(error);
    }
}
