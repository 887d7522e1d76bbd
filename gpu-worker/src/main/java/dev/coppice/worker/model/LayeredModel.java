package dev.coppice.worker.model;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Tensor;
import java.util.List;
import java.util.Map;

/** A model whose layers can be run one by one and whose tensors can be replaced by name: what calibration and the pruning of weights need. */
public interface LayeredModel extends Model {

    /** Number of layers on the residual stream. */
    int layers();

    /** The matrices of all linear maps inside the layers: layer by layer, and in each in the order in which the family lists them. */
    List<WeightMatrix> matrices();

    /**
     * A tensor as it is stored.
     *
     * @throws dev.coppice.worker.weights.CheckpointException when there is no such tensor
     */
    HostArray tensor(String name);

    /**
     * The same model with other tensors in the place of those of their names. It is put together anew; tensors that are not replaced
     * stay where they are.
     *
     * @param tensors of the same shapes
     * @throws dev.coppice.worker.weights.CheckpointException when there is no such tensor, or its shape is another
     */
    LayeredModel replacing(Map<String, HostArray> tensors);

    /** What goes into the first layer for {@code batch}: (rows, D), in the innermost open scope of {@code compute}. */
    Tensor enter(Compute compute, ModelBatch batch);

    /** Layer {@code index} on {@code compute}, in its innermost open scope. */
    Layer layer(int index, Compute compute);

    /** A layer on a device. */
    interface Layer {

        /**
         * Runs sequences from their beginning.
         *
         * @param stream the residual stream before the layer, (rows, D)
         * @param batch what the stream comes from
         * @param observer sees the input (rows, inputs) of each matrix, called by the matrix's name
         * @return the residual stream after the layer, (rows, D)
         */
        Tensor run(Tensor stream, ModelBatch batch, Observer observer);
    }
}
