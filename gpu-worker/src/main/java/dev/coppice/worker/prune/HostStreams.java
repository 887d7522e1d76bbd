package dev.coppice.worker.prune;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.ModelBatch;
import dev.coppice.worker.model.Observer;
import java.util.ArrayList;
import java.util.List;

/** Streams in arrays: the device holds one at a time. */
final class HostStreams implements Streams {

    private final PruningInputs inputs;
    private final List<Stream> streams = new ArrayList<>(); // (batches)

    /** The stream of a batch. */
    private record Stream(float[] values, int[] shape) {

        static Stream of(Compute compute, Tensor tensor) {
            return new Stream(compute.download(tensor), tensor.shape());
        }

        Tensor on(Compute compute) {
            return compute.tensor(values, shape);
        }
    }

    HostStreams(LayeredModel model, PruningInputs inputs) {
        this.inputs = inputs;
        Compute compute = inputs.compute();
        for (ModelBatch batch : inputs.calibration().batches()) {
            try (Scope scope = compute.scope()) {
                streams.add(Stream.of(compute, model.enter(compute, batch)));
            }
        }
    }

    @Override
    public void pass(LayeredModel model, int layer, Observer observer, boolean onwards) {
        Compute compute = inputs.compute();
        try (Scope scope = compute.scope()) {
            LayeredModel.Layer loaded = model.layer(layer, compute);
            for (int b = 0; b < streams.size(); b++) {
                inputs.check();
                ModelBatch batch = inputs.calibration().batches().get(b);
                try (Scope inner = compute.scope()) {
                    Tensor after = loaded.run(streams.get(b).on(compute), batch, observer);
                    if (onwards) {
                        streams.set(b, Stream.of(compute, after));
                    }
                }
            }
        }
    }
}
