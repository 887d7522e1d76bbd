package dev.coppice.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DidYouMeanTest {

    private static final List<String> METHODS = List.of("aire", "global-hinf", "last", "uniform-hinf", "uniform-h2");

    @Test
    void aMistypedNameIsFound() {
        assertThat(DidYouMean.closest("lsat", METHODS)).contains("last");
        assertThat(DidYouMean.closest("uniform-hinv", METHODS)).contains("uniform-hinf");
        assertThat(DidYouMean.closest("Global_Hinf", METHODS)).contains("global-hinf");
        assertThat(DidYouMean.closest("uniform", METHODS)).contains("uniform-h2");
    }

    @Test
    void aForeignNameIsAnsweredWithTheKnownOnes() {
        assertThat(DidYouMean.closest("wanda", METHODS)).isEmpty();
        assertThat(DidYouMean.hint("wanda", List.of("aire", "last"))).isEqualTo("known are: aire, last");
        assertThat(DidYouMean.hint("lasst", List.of("aire", "last"))).isEqualTo("did you mean \"last\"?");
    }
}
