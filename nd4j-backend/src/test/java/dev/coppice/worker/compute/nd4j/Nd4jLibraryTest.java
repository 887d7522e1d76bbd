package dev.coppice.worker.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which library a build computes with, and what is refused, decided from names and numbers. */
class Nd4jLibraryTest {

    private static final String NATIVE = "org.nd4j.linalg.cpu.nativecpu.CpuBackend";
    private static final String CUDA = "org.nd4j.linalg.jcublas.JCublasBackend";

    @Test
    void aBuildForGpusIsForGpusThoughTheProcessorsLibraryIsThereToo() {
        assertThat(Nd4jLibrary.carried(Set.of(NATIVE)::contains)).isEqualTo(Nd4jLibrary.PROCESSOR);
        assertThat(Nd4jLibrary.carried(Set.of(CUDA)::contains)).isEqualTo(Nd4jLibrary.GPU);
        assertThat(Nd4jLibrary.carried(Set.of(NATIVE, CUDA)::contains)).isEqualTo(Nd4jLibrary.GPU);
    }

    @Test
    void aBuildWithoutALibraryNamesTheProfiles() {
        assertThatThrownBy(() -> Nd4jLibrary.carried(name -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mvn -Pnd4j package")
                .hasMessageContaining("mvn -Pnd4j-cuda package");
    }

    @Test
    void theProcessorNeverStandsInForAGpu() {
        assertThatCode(() -> Nd4jLibrary.GPU.requireLoaded(CUDA)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Nd4jLibrary.GPU.requireLoaded(NATIVE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("of the profile nd4j-cuda")
                .hasMessageContaining("ND4J has loaded " + NATIVE);
        assertThatThrownBy(() -> Nd4jLibrary.PROCESSOR.requireLoaded(CUDA)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anotherGpuNeverStandsInForTheOneAskedFor() {
        assertThatCode(() -> Nd4jLibrary.requireDevice("NVIDIA A100", "NVIDIA A100"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Nd4jLibrary.requireDevice("NVIDIA A100", "Tesla T4"))
                .hasMessageContaining("NVIDIA A100")
                .hasMessageContaining("Tesla T4");
    }

    @ParameterizedTest
    @CsvSource({"3, 7", "6, 1", "7, 0", "7, 5", "8, 0", "8, 6"})
    void gpusUpToEightSixAreTaken(int major, int minor) {
        assertThat(new ComputeCapability(major, minor).refusal("a GPU")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"8, 9", "9, 0", "10, 0", "12, 0"})
    void laterGpusAreForTheCudaBackend(int major, int minor) {
        assertThat(new ComputeCapability(major, minor).refusal("NVIDIA H100"))
                .startsWith("NVIDIA H100 has compute capability " + major + "." + minor)
                .contains("3.7 to 8.6")
                .contains("use worker.backend = cuda");
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 5"})
    void earlierGpusAreRefused(int major, int minor) {
        assertThat(new ComputeCapability(major, minor).refusal("Tesla K40")).contains("3.7 to 8.6");
        assertThat(new ComputeCapability(major, minor).refusal("Tesla K40")).doesNotContain("worker.backend");
    }

    @Test
    void memoryIsBoundedByJavaCppsProperty() {
        assertThat(Nd4jBackend.processorLimit(null)).isEqualTo(Long.MAX_VALUE);
        assertThat(Nd4jBackend.processorLimit("3g")).isEqualTo(3L << 30);
    }
}
