package dev.coppice.worker.prune;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.ModelBatch;
import dev.coppice.worker.model.Observer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs calibration batches through a model layer by layer. Between two layers only the residual stream of all batches is kept,
 * on the host: rows * D floats, whatever the number of layers; what goes into the matrices of a layer is seen and forgotten.
 */
public final class LayerWalk {

    private final LayeredModel model;
    private final PruningInputs inputs;
    private final Propagation propagation;

    /** What feeds a layer. */
    public enum Propagation {
        /** The layers before it as they are after pruning, as WANDA and SparseGPT are published: two runs a layer. */
        PRUNED,
        /** The layers before it as they were: one run a layer. */
        DENSE
    }

    /** Looks at a model that is run layer by layer, and may prune it on the way. */
    public interface Visitor {

        /** What watches a layer; it sees the inputs of its matrices batch by batch. */
        Observer observer(int layer);

        /**
         * All batches have gone through the layer.
         *
         * @return tensors to put into the layer before the next one is run, by name; with {@link Propagation#DENSE} nobody looks at
         *     them
         */
        Map<String, HostArray> leave(int layer);
    }

    /** A walk through {@code model}, fed with the calibration data of {@code inputs}. */
    public LayerWalk(LayeredModel model, PruningInputs inputs, Propagation propagation) {
        this.model = model;
        this.inputs = inputs;
        this.propagation = propagation;
    }

    /** Walks from the first layer to the last. */
    public void run(Visitor visitor) {
        List<ModelBatch> batches = inputs.calibration().batches();
        Compute compute = inputs.compute();
        List<float[]> streams = new ArrayList<>(); // (batches)(rows, D)
        for (ModelBatch batch : batches) {
            try (Scope scope = compute.scope()) {
                streams.add(compute.download(model.enter(compute, batch)));
            }
        }
        for (int layer = 0; layer < model.layers(); layer++) {
            boolean last = layer + 1 == model.layers();
            boolean onwards = propagation == Propagation.DENSE && !last;
            Observer observer = visitor.observer(layer);
            pass(model, layer, streams, onwards ? observer : new Ending(observer, lastMatrix(layer)), onwards);
            Map<String, HostArray> pruned = visitor.leave(layer);
            if (propagation == Propagation.PRUNED && !last) {
                pass(model.replacing(pruned), layer, streams, Observer.NONE, true);
            }
        }
    }

    /** The name of the matrix that a layer multiplies by last. */
    private String lastMatrix(int layer) {
        return model.matrices().stream()
                .filter(matrix -> matrix.layer() == layer)
                .reduce("", (before, matrix) -> matrix.name(), (a, b) -> b);
    }

    /** Sees what {@code observer} does of a run that nobody goes on from: the last product is left out. */
    private record Ending(Observer observer, String last) implements Observer {

        @Override
        public void see(String name, Compute lane, Tensor tensor) {
            observer.see(name, lane, tensor);
        }

        @Override
        public boolean endsAt(String name) {
            return name.equals(last);
        }
    }

    /** Runs all batches through a layer; their streams become those after it where the walk goes on with them. */
    private void pass(LayeredModel current, int layer, List<float[]> streams, Observer observer, boolean onwards) {
        Compute compute = inputs.compute();
        try (Scope scope = compute.scope()) {
            LayeredModel.Layer loaded = current.layer(layer, compute);
            for (int b = 0; b < streams.size(); b++) {
                inputs.check();
                ModelBatch batch = inputs.calibration().batches().get(b);
                float[] before = streams.get(b);
                try (Scope inner = compute.scope()) {
                    Tensor stream = compute.tensor(before, batch.rows(), before.length / batch.rows());
                    Tensor after = loaded.run(stream, batch, observer);
                    if (onwards) {
                        streams.set(b, compute.download(after));
                    }
                }
            }
        }
    }
}
