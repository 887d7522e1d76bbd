package dev.coppice.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VariantsTest {

    private static GroupKey wanda(Map<String, String> details) {
        return new GroupKey("wanda", new TreeMap<>(details));
    }

    private static List<String> labels(GroupKey... keys) {
        Variants variants = new Variants(
                List.of(keys), (name, detail) -> Map.of("targets", "mixer").getOrDefault(detail, ""));
        return List.of(keys).stream().map(variants::label).toList();
    }

    @Test
    void standardValuesGoWithoutSaying() {
        assertThat(labels(
                        wanda(Map.of("targets", "mixer", "propagate", "dense")),
                        wanda(Map.of("targets", "all", "propagate", "dense"))))
                .containsExactly("", "targets=all");
    }

    @Test
    void theGranularityIsSaidWhereNothingElseTells() {
        GroupKey weights = wanda(Map.of("granularity", "weight"));
        GroupKey groups = wanda(Map.of("granularity", "N:M"));
        assertThat(labels(weights, groups)).containsExactly("granularity=weight", "granularity=N:M");
        assertThat(labels(weights, wanda(Map.of("granularity", "N:M", "pattern", "2:4"))))
                .containsExactly("pattern=none", "pattern=2:4");
    }

    @Test
    void groupsOfOtherNamesDoNotMatter() {
        assertThat(labels(wanda(Map.of("targets", "all")), new GroupKey("last", new TreeMap<>(Map.of("targets", "x")))))
                .containsExactly("", "");
    }
}
