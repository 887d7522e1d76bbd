package dev.coppice.worker.prune;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.ModelBatch;
import dev.coppice.worker.model.Observer;
import java.util.ArrayList;
import java.util.List;

/** Streams that stay on the device; each is freed as soon as the one after it is there. */
final class DeviceStreams implements Streams {

    private final PruningInputs inputs;
    private final List<Tensor> streams = new ArrayList<>(); // (batches)(rows, D)

    DeviceStreams(LayeredModel model, PruningInputs inputs) {
        this.inputs = inputs;
        Compute compute = inputs.compute();
        for (ModelBatch batch : inputs.calibration().batches()) {
            streams.add(compute.scoped(() -> model.enter(compute, batch)));
        }
    }

    @Override
    public void pass(LayeredModel model, int layer, Observer observer, boolean onwards) {
        Compute compute = inputs.compute();
        List<Tensor> after = compute.scopedAll(() -> {
            LayeredModel.Layer loaded = model.layer(layer, compute);
            List<Tensor> own = new ArrayList<>();
            for (int b = 0; b < streams.size(); b++) {
                inputs.check();
                ModelBatch batch = inputs.calibration().batches().get(b);
                Tensor before = streams.get(b);
                if (onwards) {
                    own.add(compute.scoped(() -> loaded.run(before, batch, observer)));
                    compute.release(before);
                } else {
                    try (Scope watched = compute.scope()) {
                        loaded.run(before, batch, observer);
                    }
                }
            }
            return own;
        });
        if (onwards) {
            streams.clear();
            streams.addAll(after);
        }
    }
}
