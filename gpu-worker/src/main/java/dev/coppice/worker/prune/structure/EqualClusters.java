package dev.coppice.worker.prune.structure;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * K-means with clusters of one size: the sum of squared distances to the clusters' means is lowered by exchanging two points as long as an exchange
 * lowers it. Nothing is random.
 */
final class EqualClusters {

    private static final double LEAST_GAIN = 1e-12; // of the sum, so that rounding makes no endless exchanges

    private final double[][] products; // inner products of the points, (points, points)
    private final int[] cluster; // of each point
    private final int size;

    private EqualClusters(double[][] points, int clusters) {
        int count = points.length;
        size = count / clusters;
        products = new double[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j <= i; j++) {
                products[i][j] = product(points[i], points[j]);
                products[j][i] = products[i][j];
            }
        }
        cluster = new int[count];
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /**
     * Clusters of points.
     *
     * @param points (points, dimensions)
     * @param clusters a divisor of their number
     * @return members of each cluster in ascending order, the cluster with the lowest first; (clusters)(size)
     */
    static int[][] of(double[][] points, int clusters) {
        EqualClusters search = new EqualClusters(points, clusters);
        search.seed();
        boolean better = true;
        while (better) {
            better = search.exchange();
        }
        return IntStream.range(0, clusters)
                .mapToObj(c -> IntStream.range(0, points.length)
                        .filter(i -> search.cluster[i] == c)
                        .toArray())
                .sorted(Comparator.comparingInt(members -> members[0]))
                .toArray(int[][]::new);
    }

    /** Each cluster in turn: the first point that is left, and those nearest to it. */
    private void seed() {
        boolean[] taken = new boolean[cluster.length];
        for (int c = 0; c < cluster.length / size; c++) {
            int first = 0;
            while (taken[first]) {
                first++;
            }
            int from = first;
            int[] nearest = IntStream.range(0, cluster.length)
                    .filter(i -> !taken[i])
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> i == from ? Double.NEGATIVE_INFINITY : distance(from, i)))
                    .mapToInt(Integer::intValue)
                    .limit(size)
                    .toArray();
            for (int i : nearest) {
                taken[i] = true;
                cluster[i] = c;
            }
        }
    }

    private double distance(int i, int j) {
        return products[i][i] - 2 * products[i][j] + products[j][j];
    }

    /** Makes the exchange that lowers the sum most; false when there is none. */
    private boolean exchange() {
        double before = sum();
        double best = before - LEAST_GAIN * Math.abs(before);
        int[] pair = {};
        for (int i = 0; i < cluster.length; i++) {
            for (int j = i + 1; j < cluster.length; j++) {
                if (cluster[i] != cluster[j]) {
                    swap(i, j);
                    double after = sum();
                    swap(i, j);
                    if (after < best) {
                        best = after;
                        pair = new int[] {i, j};
                    }
                }
            }
        }
        if (pair.length == 0) {
            return false;
        }
        swap(pair[0], pair[1]);
        return true;
    }

    private void swap(int i, int j) {
        int c = cluster[i];
        cluster[i] = cluster[j];
        cluster[j] = c;
    }

    /** Sum of squared distances to the clusters' means: sum |x|^2 - sum over clusters of the products of all pairs / size. */
    private double sum() {
        double sum = 0;
        for (int i = 0; i < cluster.length; i++) {
            sum += products[i][i];
            for (int j = 0; j < cluster.length; j++) {
                sum -= cluster[i] == cluster[j] ? products[i][j] / size : 0;
            }
        }
        return sum;
    }
}
