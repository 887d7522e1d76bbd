package dev.coppice.worker.model.s5;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.MimoSsm;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.ModelBatch;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.model.layer.MatrixInputs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A layer on a device that is run by itself and shows what goes into its matrices. */
final class CalibratedS5Layer implements LayeredModel.Layer {

    private static final String STATES = "states";

    private final Compute compute;
    private final LoadedS5Layer layer;
    private final String input;
    private final int channels; // H
    private final List<WeightMatrix> outputs; // C, or C of each direction
    private final List<List<MimoSsm>> states =
            new ArrayList<>(); // for each C the systems whose H outputs are its inputs, H by H
    private final Map<String, List<String>> matrices = new HashMap<>();

    CalibratedS5Layer(S5Config config, int number, S5Layer weights, Compute compute) {
        this.compute = compute;
        layer = new LoadedS5Layer(config, number, weights, compute);
        input = LoadedS5Layer.prefix(number) + "ssm_in";
        S5System system = weights.system();
        channels = system.channels();
        List<WeightMatrix> all = new S5Matrices(config).of(number, system.states());
        outputs = ofRole(all, MatrixRole.MIXER_OUT);
        matrices.put(input, names(ofRole(all, MatrixRole.MIXER_IN)));
        matrices.put(LoadedS5Layer.prefix(number) + "glu_in", names(ofRole(all, MatrixRole.GLU)));
        for (int i = 0; i < outputs.size(); i++) {
            matrices.put(STATES + i, List.of(outputs.get(i).name()));
            List<MimoSsm> own = new ArrayList<>();
            int width = outputs.get(i).inputs();
            for (int first = 0; first < width; first += channels) {
                own.add(compute.prepare(system.stateOutputs(i * width + first)));
            }
            states.add(own);
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
                    inputs.see(
                            STATES + i,
                            lane,
                            states(lane, u, states.get(i), outputs.get(i).inputs()));
                }
            }
        }
    }

    /** The first {@code width} outputs of these systems, side by side: (B, T, width). */
    private Tensor states(Compute lane, Tensor u, List<MimoSsm> systems, int width) {
        int rows = Math.toIntExact(u.rows());
        float[] all = new float[Math.multiplyExact(rows, width)]; // (B, T, width)
        int first = 0;
        for (MimoSsm system : systems) {
            float[] some; // (B, T, H)
            try (Scope scope = lane.scope()) {
                some = lane.download(lane.mimo(system, u));
            }
            int count = Math.min(channels, width - first);
            for (int row = 0; row < rows; row++) {
                System.arraycopy(some, row * channels, all, row * width + first, count);
            }
            first += count;
        }
        return lane.tensor(all, u.shape()[0], u.shape()[1], width);
    }
}
