package dev.coppice.worker.model.layer;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Shows an observer what goes into the matrices of a layer, called by their names, where a forward pass shows intermediates. Steps of
 * padding are shown as zeros: the model runs them, and nobody looks at what comes out.
 */
public final class MatrixInputs implements Observer {

    private final Map<String, List<String>> matrices;
    private final SequenceBatch batch;
    private final Observer observer;

    /**
     * Inputs of the matrices that read the intermediates of these names.
     *
     * @param matrices names of the matrices by that of the intermediate
     * @param batch that is run
     */
    public MatrixInputs(Map<String, List<String>> matrices, SequenceBatch batch, Observer observer) {
        this.matrices = Map.copyOf(matrices);
        this.batch = batch;
        this.observer = observer;
    }

    @Override
    public void see(String name, Compute lane, Tensor tensor) {
        List<String> watched = matrices.getOrDefault(name, List.of()).stream()
                .filter(observer::watches)
                .toList();
        if (watched.isEmpty()) {
            return;
        }
        try (Scope scope = lane.scope()) {
            boolean padded = Arrays.stream(batch.lengths()).anyMatch(length -> length < batch.steps());
            Tensor shown = padded ? lane.maskSteps(tensor, batch.lengths()) : tensor;
            watched.forEach(matrix -> observer.see(matrix, lane, shown));
        }
    }

    @Override
    public boolean watches(String name) {
        return matrices.getOrDefault(name, List.of()).stream().anyMatch(observer::watches);
    }
}
