package dev.coppice.worker.prune;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.Observer;
import java.util.Map;

/**
 * Runs calibration batches through a model layer by layer. Between two layers only the residual stream of all batches is kept:
 * rows * D floats, whatever the number of layers; what goes into the matrices of a layer is seen and forgotten.
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
         * @return matrices to put into the layer before the next one is run, by name; with {@link Propagation#DENSE} nobody looks at
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
        try (Scope walk = inputs.compute().scope()) {
            Streams streams = Streams.enter(model, inputs);
            for (int layer = 0; layer < model.layers(); layer++) {
                boolean last = layer + 1 == model.layers();
                boolean onwards = propagation == Propagation.DENSE && !last;
                Observer observer = visitor.observer(layer);
                streams.pass(model, layer, onwards ? observer : new Ending(observer, lastMatrix(layer)), onwards);
                Map<String, HostArray> pruned = visitor.leave(layer);
                if (propagation == Propagation.PRUNED && !last) {
                    streams.pass(model.replacing(pruned), layer, Observer.NONE, true);
                }
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
        public boolean watches(String name) {
            return observer.watches(name);
        }

        @Override
        public boolean endsAt(String name) {
            return name.equals(last);
        }
    }
}
