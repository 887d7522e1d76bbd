package dev.coppice.worker.model.s4d;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.LoadedClassifier;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.layer.LoadedEncoder;
import dev.coppice.worker.model.layer.LoadedLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The forward pass, on weights that lie on a device. */
final class LoadedS4d implements LoadedClassifier {

    private final LoadedEncoder encoder;
    private final List<LoadedS4dLayer> layers = new ArrayList<>();
    private final @Nullable LoadedLayer finalNorm;
    private final LoadedLayer decoder;

    LoadedS4d(S4dConfig config, S4dWeights weights, Compute compute) {
        encoder = encoder(config, weights, compute);
        for (S4dLayer layer : weights.layers()) {
            layers.add(new LoadedS4dLayer(config, layers.size(), layer, compute));
        }
        finalNorm = weights.finalNorm() == null ? null : weights.finalNorm().on(compute);
        decoder = weights.decoder().on(compute);
    }

    /** Brings the embedding, or the dense layer on values, onto {@code compute}. */
    static LoadedEncoder encoder(S4dConfig config, S4dWeights weights, Compute compute) {
        float[] rows = weights.embedding();
        return rows == null
                ? LoadedEncoder.ofValues(Objects.requireNonNull(weights.encoder()), compute)
                : LoadedEncoder.ofTokens(rows, config.inputs(), compute);
    }

    @Override
    public Tensor logits(Compute lane, SequenceBatch batch, Observer observer) {
        Tensor x = encoder.run(lane, batch); // (B, T, H)
        observer.see("encoder_out", lane, x);
        for (LoadedS4dLayer layer : layers) {
            Tensor in = x;
            x = lane.scoped(() -> layer.run(lane, in, batch.lengths(), observer));
        }
        if (finalNorm != null) {
            observer.see("final_norm_in", lane, x);
            x = finalNorm.run(lane, x);
            observer.see("final_norm_out", lane, x);
        }
        Tensor pooled = lane.meanPool(x, batch.lengths()); // (B, H)
        observer.see("pooled", lane, pooled);
        Tensor logits = decoder.run(lane, pooled); // (B, classes)
        observer.see("logits", lane, logits);
        return logits;
    }
}
