package dev.coppice.worker.model;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Tensor;
import java.util.List;
import java.util.Map;

/** A model whose layers can be run one by one and whose matrices can be replaced by name: what calibration and the pruning of weights need. */
public interface LayeredModel extends Model {

    /** Number of layers on the residual stream. */
    int layers();

    /**
     * The matrices of all linear maps inside the layers: layer by layer, and in each in the order in which the family lists them. A
     * complex map is one of real numbers, with the real and the imaginary part of each number side by side.
     */
    List<WeightMatrix> matrices();

    /**
     * The weights of one of {@link #matrices}: (outputs, inputs), whatever the layout of the checkpoint.
     *
     * @throws dev.coppice.worker.weights.CheckpointException when there is no such tensor
     */
    HostArray matrix(String name);

    /**
     * The same model with other matrices in the place of those of their names. It is put together anew; what is not replaced stays
     * where it is.
     *
     * @param matrices as {@link #matrix} gives them
     * @throws dev.coppice.worker.weights.CheckpointException when there is no such tensor, or its shape is another
     */
    LayeredModel replacing(Map<String, HostArray> matrices);

    /** What goes into the first layer for {@code batch}: (rows, D) or (B, T, D), in the innermost open scope of {@code compute}. */
    Tensor enter(Compute compute, ModelBatch batch);

    /** Layer {@code index} on {@code compute}, in its innermost open scope. */
    Layer layer(int index, Compute compute);

    /** A layer on a device. */
    interface Layer {

        /**
         * Runs sequences from their beginning.
         *
         * @param stream the residual stream before the layer, shaped as {@link #enter} shapes it
         * @param batch what the stream comes from
         * @param observer sees the input of each matrix, called by the matrix's name, its last axis as long as the matrix has inputs;
         *     rows of padding are zero
         * @return the residual stream after the layer, of the same shape
         */
        Tensor run(Tensor stream, ModelBatch batch, Observer observer);
    }
}
