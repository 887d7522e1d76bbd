package dev.coppice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BackendsTest {

    @Test
    void aBackendOfOtherBuildsIsRefusedWithTheWayToThem() {
        assertThat(Backends.names()).doesNotContain("nd4j");
        assertThatThrownBy(() -> Backends.of("nd4j"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no backend \"nd4j\"")
                .hasMessageContaining("mvn -Pnd4j package")
                .hasMessageContaining("COPPICE_PROFILE=nd4j");
    }

    @Test
    void aMisspeltBackendIsRefusedWithTheNearestOne() {
        assertThatThrownBy(() -> Backends.of("cdua")).hasMessageContaining("did you mean \"cuda\"");
    }
}
