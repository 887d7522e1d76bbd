package dev.coppice.worker.prune.structure;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * K-means with clusters of one size: the sum of squared distances to the clusters' means is lowered by exchanging two points as long as an exchange
 * lowers it, each time the two that lower it most. Nothing is random. An exchange takes time of the order of the number of pairs of points.
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

    /**
     * Makes the exchange that lowers the sum most, the first of equal ones; false when there is none. With s_ic the sum of i's products with the members
     * of cluster c, exchanging i of cluster a and j of cluster b lowers it by 2 (s_ib + s_ja - s_ia - s_jb + |x_i|^2 + |x_j|^2 - 2 x_i x_j) / size.
     */
    private boolean exchange() {
        double[][] toClusters = productsWithClusters();
        double best = LEAST_GAIN * Math.abs(sum(toClusters));
        int[] pair = {};
        for (int i = 0; i < cluster.length; i++) {
            double[] ofI = toClusters[i];
            for (int j = i + 1; j < cluster.length; j++) {
                int a = cluster[i];
                int b = cluster[j];
                double[] ofJ = toClusters[j];
                double gain = a == b ? 0 : 2 * (ofI[b] - ofI[a] + ofJ[a] - ofJ[b] + distance(i, j)) / size;
                if (gain > best) {
                    best = gain;
                    pair = new int[] {i, j};
                }
            }
        }
        if (pair.length == 0) {
            return false;
        }
        int c = cluster[pair[0]];
        cluster[pair[0]] = cluster[pair[1]];
        cluster[pair[1]] = c;
        return true;
    }

    /** Sums of each point's products with the members of each cluster, itself among them; (points, clusters). */
    private double[][] productsWithClusters() {
        double[][] sums = new double[cluster.length][cluster.length / size];
        for (int i = 0; i < cluster.length; i++) {
            for (int j = 0; j < cluster.length; j++) {
                sums[i][cluster[j]] += products[i][j];
            }
        }
        return sums;
    }

    /** Sum of squared distances to the clusters' means: sum |x|^2 - sum over clusters of the products of all pairs / size. */
    private double sum(double[][] toClusters) {
        double sum = 0;
        for (int i = 0; i < cluster.length; i++) {
            sum += products[i][i] - toClusters[i][cluster[i]] / size;
        }
        return sum;
    }
}
