package dev.coppice.worker.prune.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
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

    /** The same exchanges as by trying each of them and measuring the sum; seeds 0 to 9. */
    @Test
    void exchangesAreThoseThatLowerTheSumMost() {
        for (int seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            double[][] points = new double[15][4];
            Arrays.setAll(points, i -> random.doubles(4).toArray());

            assertThat(EqualClusters.of(points, 5)).isDeepEqualTo(byTrying(points, 5));
        }
    }

    /** More groups than any mixer has. */
    @Test
    void manyPointsAreClustered() {
        Random random = new Random(1);
        double[][] points = new double[256][8];
        Arrays.setAll(points, i -> random.doubles(8).toArray());

        int[][] clusters = EqualClusters.of(points, 64);

        assertThat(clusters).hasDimensions(64, 4);
        assertThat(Arrays.stream(clusters).flatMapToInt(Arrays::stream).distinct())
                .hasSize(256);
    }

    /** The first point that is left and those nearest to it, then the best of all exchanges while one lowers the sum. */
    private static int[][] byTrying(double[][] points, int count) {
        int size = points.length / count;
        List<Integer> left =
                new ArrayList<>(IntStream.range(0, points.length).boxed().toList());
        int[][] clusters = new int[count][];
        for (int c = 0; c < count; c++) {
            double[] first = points[left.get(0)];
            clusters[c] = left.stream()
                    .sorted(Comparator.comparingDouble(i -> distance(first, points[i])))
                    .limit(size)
                    .mapToInt(Integer::intValue)
                    .toArray();
            Arrays.stream(clusters[c]).forEach(i -> left.remove((Integer) i));
        }
        while (exchangedByTrying(points, clusters)) {}
        for (int[] members : clusters) {
            Arrays.sort(members);
        }
        Arrays.sort(clusters, Comparator.comparingInt(members -> members[0]));
        return clusters;
    }

    private static boolean exchangedByTrying(double[][] points, int[][] clusters) {
        int size = clusters[0].length;
        double best = sum(points, clusters) - 1e-9;
        int[] places = {};
        for (int p = 0; p < points.length; p++) {
            for (int q = p + size - p % size; q < points.length; q++) {
                exchange(clusters, p, q);
                double now = sum(points, clusters);
                exchange(clusters, p, q);
                if (now < best) {
                    best = now;
                    places = new int[] {p, q};
                }
            }
        }
        if (places.length > 0) {
            exchange(clusters, places[0], places[1]);
        }
        return places.length > 0;
    }

    private static void exchange(int[][] clusters, int p, int q) {
        int size = clusters[0].length;
        int kept = clusters[p / size][p % size];
        clusters[p / size][p % size] = clusters[q / size][q % size];
        clusters[q / size][q % size] = kept;
    }

    private static double distance(double[] a, double[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(d -> (a[d] - b[d]) * (a[d] - b[d]))
                .sum();
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
