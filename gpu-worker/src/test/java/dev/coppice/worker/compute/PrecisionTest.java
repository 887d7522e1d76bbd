package dev.coppice.worker.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PrecisionTest {

    @Test
    void namesAreThoseOfConfigs() {
        assertThat(Precision.names()).containsExactly("float32", "tf32", "bfloat16", "float16");
        for (Precision precision : Precision.values()) {
            assertThat(Precision.of(precision.configName())).isSameAs(precision);
            assertThat(precision.operands().name())
                    .isEqualTo(precision == Precision.TF32 ? "FLOAT32" : precision.name());
        }
    }

    @Test
    void anUnknownNameIsRefusedWithTheClosest() {
        assertThatThrownBy(() -> Precision.of("bf16"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is no precision \"bf16\"; ");
        assertThatThrownBy(() -> Precision.of("float61")).hasMessageContaining("did you mean \"float16\"?");
    }
}
