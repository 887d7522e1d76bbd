package dev.coppice.worker.model.s5;

import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.model.layer.Linear;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The linear maps of a layer as real matrices (outputs, inputs), and their tensors in the flax variable tree: B from the H channels to the
 * 2P real numbers of the states, C of each direction from those to the channels, out1 and out2 from channels to channels.
 */
final class S5Matrices {

    private static final String B = "seq/B";
    private static final String C = "seq/C";
    private static final String VALUE = "out1/kernel";
    private static final String GATE = "out2/kernel";

    private final S5Config config;

    S5Matrices(S5Config config) {
        this.config = config;
    }

    private static String prefix(int layer) {
        return "params/encoder/layers_" + layer + "/";
    }

    private static String part(WeightMatrix matrix) {
        return matrix.name().substring(prefix(matrix.layer()).length());
    }

    /** The matrices of a layer that holds this many states, in the order of use. */
    List<WeightMatrix> of(int layer, int states) {
        String prefix = prefix(layer);
        int channels = config.channels();
        List<WeightMatrix> matrices = new ArrayList<>();
        matrices.add(new WeightMatrix(prefix + B, layer, MatrixRole.MIXER_IN, 2 * states, channels));
        for (String c : outputs()) {
            int directions = config.sharedOutput() ? config.directions() : 1;
            matrices.add(new WeightMatrix(prefix + c, layer, MatrixRole.MIXER_OUT, channels, 2 * directions * states));
        }
        for (String dense : unit()) {
            matrices.add(new WeightMatrix(prefix + dense, layer, MatrixRole.GLU, channels, channels));
        }
        return matrices;
    }

    /** The tensors that hold C. */
    private List<String> outputs() {
        return config.directions() == 1 || config.sharedOutput() ? List.of(C) : List.of(C + 1, C + 2);
    }

    /** The tensors of the gated linear unit. */
    private List<String> unit() {
        List<String> names = new ArrayList<>();
        if (config.activation().hasValueLayer()) {
            names.add(VALUE);
        }
        if (config.activation().hasGateLayer()) {
            names.add(GATE);
        }
        return names;
    }

    /** The weights of a matrix: (outputs, inputs). */
    float[] read(S5Layer layer, WeightMatrix matrix) {
        return switch (part(matrix)) {
            case B -> swapped(layer.system().b(), matrix.outputs() / 2, matrix.inputs(), 2);
            case VALUE -> weight(layer.value());
            case GATE -> weight(layer.gate());
            default -> output(layer.system().c(), matrix);
        };
    }

    /** The layer with other weights in a matrix: (outputs, inputs). */
    S5Layer with(S5Layer layer, WeightMatrix matrix, float[] weights) {
        S5System system = layer.system();
        return switch (part(matrix)) {
            case B -> layer.with(system.withInput(swapped(weights, matrix.outputs() / 2, 2, matrix.inputs())));
            case VALUE -> layer.withValue(new Linear(weights, bias(layer.value())));
            case GATE -> layer.withGate(new Linear(weights, bias(layer.gate())));
            default -> layer.with(system.withOutput(withOutput(system.c(), matrix, weights)));
        };
    }

    /** The weights of a matrix as its tensor is laid out, a kernel (inputs, outputs), B (P, H, 2), C (H, P, 2). */
    static float[] stored(WeightMatrix matrix, float[] weights) {
        return switch (part(matrix)) {
            case B -> swapped(weights, matrix.outputs() / 2, 2, matrix.inputs());
            case VALUE, GATE -> swapped(weights, 1, matrix.outputs(), matrix.inputs());
            default -> weights;
        };
    }

    private static float[] weight(@Nullable Linear linear) {
        return Objects.requireNonNull(linear).weight();
    }

    private static float[] bias(@Nullable Linear linear) {
        return Objects.requireNonNull(linear).bias();
    }

    /** (n, rows, columns) as (n, columns, rows). */
    private static float[] swapped(float[] values, int n, int rows, int columns) {
        float[] swapped = new float[values.length];
        for (int i = 0; i < n; i++) {
            int at = i * rows * columns;
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    swapped[at + column * rows + row] = values[at + row * columns + column];
                }
            }
        }
        return swapped;
    }

    /** Number of the direction that a tensor's first columns belong to. */
    private static int direction(WeightMatrix matrix) {
        return part(matrix).equals(C + 2) ? 1 : 0;
    }

    /** C (directions, H, P, 2) of the matrix's directions, side by side: (H, inputs). */
    private float[] output(float[] c, WeightMatrix matrix) {
        float[] weights = new float[(int) matrix.weights()];
        int row = rowLength(matrix);
        for (int at = 0; at < weights.length; at += row) {
            System.arraycopy(c, place(matrix, at, row), weights, at, row);
        }
        return weights;
    }

    private float[] withOutput(float[] c, WeightMatrix matrix, float[] weights) {
        float[] changed = c.clone();
        int row = rowLength(matrix);
        for (int at = 0; at < weights.length; at += row) {
            System.arraycopy(weights, at, changed, place(matrix, at, row), row);
        }
        return changed;
    }

    /** 2P. */
    private int rowLength(WeightMatrix matrix) {
        return config.sharedOutput() ? matrix.inputs() / config.directions() : matrix.inputs();
    }

    /** Where in C the row of one direction lies that begins at {@code at} in the matrix. */
    private int place(WeightMatrix matrix, int at, int row) {
        int h = at / matrix.inputs();
        int direction = direction(matrix) + at % matrix.inputs() / row;
        return (direction * config.channels() + h) * row;
    }
}
