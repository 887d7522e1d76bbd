package dev.coppice.worker.prune.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Clusters of one size against plain loops. */
class EqualClustersTest {

    @Test
    void pointsThatWerePutTogetherAreFound() {
        Random random = new Random(7);
        double[][] points = new double[12][5];
        for (int i = 0; i < 12; i++) {
            for (int d = 0; d < 5; d++) {
                points[i][d] = 10 * (i % 4 == d ? 1 : 0) + random.nextGaussian();
            }
        }
        assertThat(EqualClusters.of(points, 4))
                .isDeepEqualTo(new int[][] {{0, 4, 8}, {1, 5, 9}, {2, 6, 10}, {3, 7, 11}});
    }

    /** Of two clusters of three, the best of all ten ways; seeds 0 to 19. */
    @Test
    void aFewPointsAreClusteredAsWellAsCanBe() {
        int best = 0;
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            double[][] points = new double[6][3];
            Arrays.setAll(points, i -> random.doubles(3).toArray());
            double least = Double.POSITIVE_INFINITY;
            for (int a = 1; a < 6; a++) {
                for (int b = a + 1; b < 6; b++) {
                    least = Math.min(least, sum(points, new int[][] {{0, a, b}, rest(a, b)}));
                }
            }
            double found = sum(points, EqualClusters.of(points, 2));
            assertThat(found).isGreaterThanOrEqualTo(least - 1e-12);
            best += found < least + 1e-9 ? 1 : 0;
        }
        assertThat(best).isGreaterThanOrEqualTo(16); // exchanges of two points end in a local minimum now and then
    }

    /** No exchange of two points would make it better. */
    @Test
    void noExchangeLowersTheSum() {
        Random random = new Random(3);
        double[][] points = new double[16][6];
        Arrays.setAll(points, i -> random.doubles(6).toArray());
        int[][] clusters = EqualClusters.of(points, 4);
        double sum = sum(points, clusters);
        for (int[] one : clusters) {
            for (int[] other : clusters) {
                for (int i = 0; one != other && i < 16; i++) {
                    int a = i / 4;
                    int b = i % 4;
                    int kept = one[a];
                    one[a] = other[b];
                    other[b] = kept;
                    assertThat(sum(points, clusters)).isGreaterThan(sum - 1e-9);
                    other[b] = one[a];
                    one[a] = kept;
                }
            }
        }
        assertThat(sum(points, clusters)).isCloseTo(sum, within(0.0));
    }

    private static int[] rest(int a, int b) {
        List<Integer> rest = new ArrayList<>(List.of(1, 2, 3, 4, 5));
        rest.removeAll(List.of(a, b));
        return rest.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Squared distances to the clusters' means. */
    private static double sum(double[][] points, int[][] clusters) {
        double sum = 0;
        for (int[] members : clusters) {
            for (int d = 0; d < points[0].length; d++) {
                double mean = 0;
                for (int i : members) {
                    mean += points[i][d] / members.length;
                }
                for (int i : members) {
                    sum += Math.pow(points[i][d] - mean, 2);
                }
            }
        }
        return sum;
    }
}
