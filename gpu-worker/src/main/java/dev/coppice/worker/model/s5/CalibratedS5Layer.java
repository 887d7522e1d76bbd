package dev.coppice.worker.model.s5;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.ModelBatch;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.model.layer.MatrixInputs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A layer on a device that is run by itself and shows what goes into its matrices. */
final class CalibratedS5Layer implements LayeredModel.Layer {

    private static final String STATES = "states";

    private final Compute compute;
    private final LoadedS5Layer layer;
    private final String input;
    private final S5System system;
    private final List<WeightMatrix> outputs; // C, or C of each direction
    private final Map<String, List<String>> matrices = new HashMap<>();

    CalibratedS5Layer(S5Config config, int number, S5Layer weights, Compute compute) {
        this.compute = compute;
        layer = new LoadedS5Layer(config, number, weights, compute);
        input = LoadedS5Layer.prefix(number) + "ssm_in";
        system = weights.system();
        List<WeightMatrix> all = new S5Matrices(config).of(number, system.states());
        outputs = ofRole(all, MatrixRole.MIXER_OUT);
        matrices.put(input, names(ofRole(all, MatrixRole.MIXER_IN)));
        matrices.put(LoadedS5Layer.prefix(number) + "glu_in", names(ofRole(all, MatrixRole.GLU)));
        for (int i = 0; i < outputs.size(); i++) {
            matrices.put(STATES + i, List.of(outputs.get(i).name()));
        }
    }

    private static List<WeightMatrix> ofRole(List<WeightMatrix> matrices, MatrixRole role) {
        return matrices.stream().filter(matrix -> matrix.role() == role).toList();
    }

    private static List<String> names(List<WeightMatrix> matrices) {
        return matrices.stream().map(WeightMatrix::name).toList();
    }

    @Override
    public Tensor run(Tensor stream, ModelBatch batch, Observer observer) {
        MatrixInputs inputs = new MatrixInputs(matrices, (SequenceBatch) batch, observer);
        return layer.run(compute, stream, (name, lane, tensor) -> {
            inputs.see(name, lane, tensor);
            if (name.equals(input)) {
                showStates(lane, tensor, inputs);
            }
        });
    }

    /** The system's states are nobody's output: they are computed once more, for those who look at what goes into C. */
    private void showStates(Compute lane, Tensor u, MatrixInputs inputs) {
        for (int i = 0; i < outputs.size(); i++) {
            if (inputs.watches(STATES + i)) {
                try (Scope scope = lane.scope()) {
                    int width = outputs.get(i).inputs();
                    inputs.see(STATES + i, lane, states(lane, u, i * width, width));
                }
            }
        }
    }

    /** Numbers {@code from} to {@code from + width} of (directions, P, 2) of the states: (B, T, width). */
    private Tensor states(Compute lane, Tensor u, int from, int width) {
        int channels = system.channels();
        int rows = Math.toIntExact(u.rows());
        float[] states = new float[Math.multiplyExact(rows, width)]; // (B, T, width)
        for (int first = 0; first < width; first += channels) {
            float[] some; // (B, T, H)
            try (Scope scope = lane.scope()) {
                some = lane.download(lane.mimo(lane.prepare(system.stateOutputs(from + first)), u));
            }
            for (int row = 0; row < rows; row++) {
                int count = Math.min(channels, width - first);
                System.arraycopy(some, row * channels, states, row * width + first, count);
            }
        }
        return lane.tensor(states, u.shape()[0], u.shape()[1], width);
    }
}
