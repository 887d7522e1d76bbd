package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Moments;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.WeightMatrix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Watches the inputs of matrices and adds up the square of each channel, in float64. */
final class InputSquares implements Observer {

    private static final class Sums {
        private final double[] squares; // (inputs)
        private long rows;

        Sums(int inputs) {
            squares = new double[inputs];
        }
    }

    private final Map<String, Sums> byName = new HashMap<>();

    InputSquares(List<WeightMatrix> matrices) {
        matrices.forEach(matrix -> byName.put(matrix.name(), new Sums(matrix.inputs())));
    }

    @Override
    public boolean watches(String name) {
        return byName.containsKey(name);
    }

    @Override
    public void see(String name, Compute lane, Tensor tensor) {
        Sums sums = byName.get(name);
        if (sums != null) {
            Moments moments = lane.moments(tensor);
            sums.rows += moments.rows();
            for (int j = 0; j < sums.squares.length; j++) {
                sums.squares[j] += moments.sumOfSquares()[j];
            }
        }
    }

    /** Mean square of each input channel of a matrix: (inputs). */
    double[] meanSquares(WeightMatrix matrix) {
        Sums sums = byName.get(matrix.name());
        if (sums == null || sums.rows == 0) {
            throw new IllegalStateException("nothing was seen of the input of " + matrix.name());
        }
        double[] means = new double[sums.squares.length];
        for (int j = 0; j < means.length; j++) {
            means[j] = sums.squares[j] / sums.rows;
        }
        return means;
    }
}
