package dev.coppice.worker.model.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.model.Observer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Logits in 16-bit arithmetic against the references' in float64: root mean squares, as the rounding is noise. */
class HalfArithmeticTest {

    private static final double TOLERANCE = 2e-2;

    static Stream<Arguments> casesInEach16BitType() {
        return LanguageCase.names()
                .flatMap(name ->
                        Stream.of(Arguments.of(name, Precision.BFLOAT16), Arguments.of(name, Precision.FLOAT16)));
    }

    /** |actual - expected| / |expected|, root mean squares. */
    private static double error(float[] actual, float[] expected) {
        double errors = 0;
        double squares = 0;
        for (int i = 0; i < expected.length; i++) {
            double error = (double) actual[i] - expected[i];
            errors += error * error;
            squares += (double) expected[i] * expected[i];
        }
        return Math.sqrt(errors / squares);
    }

    @ParameterizedTest
    @MethodSource("casesInEach16BitType")
    void logitsAreWithinTwoHundredths(String name, Precision precision) {
        LanguageCase own = new LanguageCase(name);
        float[] expected = own.golden("logits").toFloats();
        int[][] tokens = own.tokens("input_ids", 0, 53);
        try (Compute compute = TestBackend.open(2, precision);
                Scope scope = compute.scope()) {
            LoadedLanguageModel loaded = own.model().on(compute);
            float[] whole = compute.download(loaded.logits(loaded.hidden(TokenBatch.of(tokens), Observer.NONE)));
            assertThat(error(whole, expected)).isBetween(1e-5, TOLERANCE); // it is no float32 arithmetic either
        }
    }
}
