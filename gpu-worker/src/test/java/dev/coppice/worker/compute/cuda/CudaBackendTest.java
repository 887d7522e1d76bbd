package dev.coppice.worker.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.coppice.worker.compute.Precision;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What can be said of the backend on any machine, with a GPU or without. */
class CudaBackendTest {

    private static final Pattern INCLUDE = Pattern.compile("#include \"([^\"]+)\"");

    private final CudaBackend backend = new CudaBackend();

    @Test
    void aDeviceThatIsNotThereIsAnErrorThatSaysWhatIsMissing() {
        Throwable error = catchThrowable(() -> backend.open("99", 1, Precision.FLOAT32));
        assertThat(error)
                .isInstanceOf(IllegalStateException.class)
                .message()
                .satisfiesAnyOf(
                        message -> assertThat(message)
                                .isEqualTo("the cuda backend needs NVIDIA's driver, and libcuda.so.1 is not on "
                                        + "this machine: run on one with an NVIDIA GPU, or use worker.backend = cpu"),
                        message -> assertThat(message)
                                .matches("the cuda backend needs .* of CUDA 13, and lib\\S+ was not found: .*"),
                        message -> assertThat(message)
                                .startsWith("the cuda backend needs a driver for CUDA 13.0 or later"),
                        message -> assertThat(message)
                                .startsWith("the cuda backend needs an NVIDIA GPU, and the driver shows none"),
                        message -> assertThat(message).startsWith("there is no GPU \"99\" here"));
    }

    @Test
    void arithmeticsAreKnownWithoutADevice() {
        assertThat(backend.precisions()).containsExactlyInAnyOrder(Precision.values());
    }

    @Test
    void allKernelsAndWhatTheyIncludeAreAmongTheClasses() {
        for (KernelSource source : KernelCatalog.all()) {
            String text = KernelTexts.of(source.file());
            assertThat(text).as(source.file()).contains("extern \"C\" __global__");
            for (Matcher include = INCLUDE.matcher(text); include.find(); ) {
                assertThat(KernelTexts.HEADERS).as(source.file()).contains(include.group(1));
            }
        }
        for (String header : KernelTexts.HEADERS) {
            assertThat(KernelTexts.of(header)).contains("#pragma once");
        }
    }

    @Test
    void batchesAreSmallerWhereAJobHasLittleMemory() {
        assertThat(CudaCompute.rows(75L << 30)).isEqualTo(16_384);
        assertThat(CudaCompute.rows(9L << 30)).isEqualTo(9 << 10);
        assertThat(CudaCompute.rows(12L << 20)).isEqualTo(1_024);
    }

    @Test
    void newArchitecturesGetTheirOwnInstructions() {
        assertThat(KernelCompiler.target(75)).isEqualTo("sm_75");
        assertThat(KernelCompiler.target(89)).isEqualTo("sm_89");
        assertThat(KernelCompiler.target(90)).isEqualTo("sm_90a");
        assertThat(KernelCompiler.target(120)).isEqualTo("sm_120a");
    }
}
