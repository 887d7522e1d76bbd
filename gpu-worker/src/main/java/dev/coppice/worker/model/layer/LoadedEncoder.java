package dev.coppice.worker.model.layer;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.SequenceBatch;
import org.jspecify.annotations.Nullable;

/** A classifier's first layer on a device: an embedding of tokens, or a dense layer on values. */
public final class LoadedEncoder {

    private final @Nullable Tensor embedding; // (vocabulary, H)
    private final @Nullable LoadedLayer dense;

    private LoadedEncoder(@Nullable Tensor embedding, @Nullable LoadedLayer dense) {
        this.embedding = embedding;
        this.dense = dense;
    }

    /** Rows by token id, (vocabulary, H), brought into the innermost open scope of {@code compute}. */
    public static LoadedEncoder ofTokens(float[] rows, int vocabulary, Compute compute) {
        return new LoadedEncoder(compute.tensor(rows, vocabulary, rows.length / vocabulary), null);
    }

    /** A dense layer, brought into the innermost open scope of {@code compute}. */
    public static LoadedEncoder ofValues(Linear layer, Compute compute) {
        return new LoadedEncoder(null, layer.on(compute));
    }

    /** What goes into the layers: (B, T, H), in the innermost open scope of {@code lane}. */
    public Tensor run(Compute lane, SequenceBatch batch) {
        int[] tokens = batch.tokens();
        float[] values = batch.values();
        if (embedding != null && tokens != null) {
            return lane.embedding(tokens, batch.sequences(), embedding);
        }
        if (dense != null && values != null) {
            return dense.run(lane, lane.tensor(values, batch.sequences(), batch.steps(), batch.channels()));
        }
        throw new IllegalArgumentException(
                "the batch holds " + (tokens == null ? "values" : "tokens") + ", the model takes the other kind");
    }
}
