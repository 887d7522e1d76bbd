package dev.coppice.worker.prune.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.worker.model.DiagonalStates;
import dev.coppice.worker.weights.Fixtures;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ties, empty layers and unstable states. */
class StateScoreTest {

    private static List<double[]> layers(JsonNode node) {
        List<double[]> layers = new ArrayList<>();
        for (JsonNode layer : node) {
            double[] values = new double[layer.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = layer.get(i).doubleValue();
            }
            layers.add(values);
        }
        return layers;
    }

    @Test
    void tiesAreBrokenAsTheReferenceDoes() throws IOException {
        JsonNode ties = new ObjectMapper()
                .readTree(Fixtures.folder("ties").resolve("ties.json").toFile());
        List<double[]> raw = layers(ties.get("raw_scores"));
        List<double[]> normalised =
                raw.stream().map(Normalisation.SUFFIX_SUM::of).toList();
        assertThat(normalised.toArray(double[][]::new))
                .isDeepEqualTo(layers(ties.get("normalised")).toArray(double[][]::new));
        for (String name : new String[] {"global_last", "global_hinf", "uniform_hinf", "uniform_last"}) {
            Allocation allocation = name.startsWith("global") ? Allocation.GLOBAL : Allocation.UNIFORM;
            List<double[]> scores = name.endsWith("last") ? normalised : raw;
            for (int i = 0; i < 10; i++) {
                BigDecimal ratio = BigDecimal.valueOf(i + 1, 1);
                List<boolean[]> keep = allocation.keep(scores, ratio);
                JsonNode expected = ties.get(name).get("masks").get(i);
                for (int layer = 0; layer < keep.size(); layer++) {
                    for (int s = 0; s < keep.get(layer).length; s++) {
                        assertThat(keep.get(layer)[s])
                                .as("%s at %s, layer %d, state %d", name, ratio, layer, s)
                                .isEqualTo(expected.get(layer).get(s).intValue() == 1);
                    }
                }
            }
        }
    }

    @Test
    void countsAreExactDecimals() {
        assertThat(Allocation.count(10, new BigDecimal("0.9"))).isEqualTo(1);
        assertThat(Allocation.count(10, new BigDecimal("0.7")))
                .isEqualTo(3); // 10 * (1 - 0.7) is 3.0000000000000004 in binary
        assertThat(Allocation.count(1000, new BigDecimal("0.29"))).isEqualTo(710);
        assertThat(Allocation.count(8, BigDecimal.ONE)).isEqualTo(1);
        assertThat(Allocation.count(7, new BigDecimal("0.5"))).isEqualTo(3);
    }

    @Test
    void aLayerOfZerosHasNoNaN() {
        assertThat(Normalisation.SUFFIX_SUM.of(new double[3])).containsExactly(0, 0, 0);
    }

    @Test
    void unstableStatesRankHighestByH2AndStayOutOfTheSum() {
        double[][] c = {{1, 1, 1}};
        DiagonalStates states =
                new DiagonalStates(0, 1, new double[] {0.5, 1.0000001, 0.9}, new double[] {1, 1e-6, 1}, c);
        double[] h2 = StateScore.H2.of(states, 0);
        assertThat(h2[1]).isFinite().isGreaterThan(h2[2]);
        double[] aire = Normalisation.SUFFIX_SUM.of(h2);
        assertThat(aire[1]).isFinite().isGreaterThan(1);
        assertThat(aire[2]).isEqualTo(1);
        assertThat(aire[0]).isEqualTo(h2[0] / (h2[0] + h2[2]));
        assertThat(StateScore.HINF.of(states, 0)[1]).isEqualTo(1e-12 / ((1 - 1.0000001) * (1 - 1.0000001) + 1e-8));
    }
}
