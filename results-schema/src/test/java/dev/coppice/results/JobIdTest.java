package dev.coppice.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ids of existing results must never change: these texts and hashes are fixed for good. */
class JobIdTest {

    private static final String FINGERPRINT = "ab".repeat(32);

    private static JobSpec spec(String method, String ratio, @Nullable Long seed) {
        return new JobSpec(
                "s5-smnist",
                FINGERPRINT,
                "smnist",
                "1",
                new TreeMap<>(Map.of("limit", "200", "data", "cd".repeat(32))),
                method,
                new TreeMap<>(),
                new TreeMap<>(),
                new BigDecimal(ratio),
                seed,
                "float32");
    }

    @Test
    void canonicalJsonOfAPrunedCell() {
        assertThat(CanonicalJson.of(spec("last", "0.30", null)))
                .isEqualTo("{\"calibration\":{},\"method\":\"last\",\"methodParams\":{},\"model\":\"s5-smnist\","
                        + "\"modelFingerprint\":\"" + FINGERPRINT + "\",\"precision\":\"float32\",\"ratio\":\"0.3\","
                        + "\"seed\":null,\"task\":\"smnist\",\"taskParams\":{\"data\":\"" + "cd".repeat(32)
                        + "\",\"limit\":\"200\"},\"taskVersion\":\"1\"}");
    }

    @Test
    void idsAreFixed() {
        assertThat(spec("last", "0.3", null).id().hex())
                .isEqualTo("9a67eda7a2b6a2341255291d3f57477c969d7d2c0f25341e9997289ce19265a7");
        assertThat(spec("dense", "0", null).id().hex())
                .isEqualTo("36a7e7159a04cdb31d673a35e3a28bcfc96981794e945a7f3b1aedad7b5ce3b6");
        assertThat(spec("random", "0.9", 7L).id().hex())
                .isEqualTo("93866f1498d4506e83527a763b078dd3cc5ea5de3ab56ac0f8c55f20e5eb7d82");
    }

    @Test
    void charactersOutsideAsciiAndQuotesAreFixedToo() {
        JobSpec spec = new JobSpec(
                "modèle \"x\" 模型",
                FINGERPRINT,
                "text",
                "2",
                new TreeMap<>(),
                "last",
                new TreeMap<>(Map.of("epsilon", "1e-8", "B", "1", "a", "2")),
                new TreeMap<>(Map.of("source", "a\\b\n")),
                new BigDecimal("0.123456789"),
                Long.MIN_VALUE,
                "bfloat16");

        assertThat(CanonicalJson.of(spec))
                .isEqualTo("{\"calibration\":{\"source\":\"a\\\\b\\n\"},\"method\":\"last\","
                        + "\"methodParams\":{\"B\":\"1\",\"a\":\"2\",\"epsilon\":\"1e-8\"},"
                        + "\"model\":\"modèle \\\"x\\\" 模型\",\"modelFingerprint\":\"" + FINGERPRINT
                        + "\",\"precision\":\"bfloat16\",\"ratio\":\"0.123456789\",\"seed\":-9223372036854775808,"
                        + "\"task\":\"text\",\"taskParams\":{},\"taskVersion\":\"2\"}");
        assertThat(spec.id().hex()).isEqualTo("5dda3c41f5a18c1d7da75952c7f0a29fd2306e940a5053ff9c37e2c84da0c74a");
    }

    @Test
    void oneRatioIsOneCellHoweverItIsWritten() {
        assertThat(spec("last", "0.50", null).id())
                .isEqualTo(spec("last", "5e-1", null).id());
        assertThat(spec("dense", "0.0", null).id())
                .isEqualTo(spec("dense", "0", null).id());
    }

    @Test
    void whatDecidesTheMetricsDecidesTheId() {
        assertThat(spec("random", "0.9", 7L).id())
                .isNotEqualTo(spec("random", "0.9", 8L).id())
                .isNotEqualTo(spec("random", "0.8", 7L).id())
                .isNotEqualTo(spec("last", "0.9", 7L).id());
    }

    @Test
    void ratiosOutsideTheRangeAreRefused() {
        assertThatThrownBy(() -> spec("last", "1", null)).hasMessage("ratio must be in [0, 1), not 1");
        assertThatThrownBy(() -> spec("last", "-0.1", null)).hasMessage("ratio must be in [0, 1), not -0.1");
        assertThatThrownBy(() -> spec("last", "0.1234567891", null))
                .hasMessage("a ratio has at most 9 decimals, not 0.1234567891");
        assertThatThrownBy(() -> spec("last", "0", null))
                .hasMessageContaining("ratio 0 and method \"dense\" go together");
    }
}
