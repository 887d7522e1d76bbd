package dev.coppice.worker.model.s5;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.LoadedClassifier;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.layer.InputLayer;
import dev.coppice.worker.model.layer.Linear;
import dev.coppice.worker.model.layer.LoadedEncoder;
import dev.coppice.worker.model.layer.LoadedLayer;
import dev.coppice.worker.model.layer.Pooling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The forward pass, on weights that lie on a device. */
final class LoadedS5 implements LoadedClassifier {

    private final S5Config config;
    private final LoadedEncoder encoder;
    private final List<LoadedS5Layer> layers = new ArrayList<>();
    private final LoadedLayer decoder;
    private final @Nullable LoadedLayer hidden;

    LoadedS5(S5Config config, S5Weights weights, Compute compute) {
        this.config = config;
        encoder = encoder(config, weights.encoder(), compute);
        for (S5Layer layer : weights.layers()) {
            layers.add(new LoadedS5Layer(config, layers.size(), layer, compute));
        }
        decoder = weights.decoder().on(compute);
        hidden = weights.hidden() == null ? null : weights.hidden().on(compute);
    }

    /** Brings the input's dense layer onto {@code compute}. On one-hot rows it picks a column of its weight. */
    static LoadedEncoder encoder(S5Config config, Linear dense, Compute compute) {
        if (config.inputLayer() != InputLayer.TOKENS_ONEHOT) {
            return LoadedEncoder.ofValues(dense, compute);
        }
        int channels = config.channels();
        int vocabulary = config.inputs();
        float[] rows = new float[dense.weight().length]; // (vocabulary, H)
        for (int token = 0; token < vocabulary; token++) {
            for (int h = 0; h < channels; h++) {
                rows[token * channels + h] = dense.weight()[h * vocabulary + token] + dense.bias()[h];
            }
        }
        return LoadedEncoder.ofTokens(rows, vocabulary, compute);
    }

    @Override
    public Tensor logits(Compute lane, SequenceBatch batch, Observer observer) {
        Tensor x = encoder.run(lane, batch); // (B, T, H)
        observer.see("encoder_out", lane, x);
        for (LoadedS5Layer layer : layers) {
            Tensor in = x;
            x = lane.scoped(() -> layer.run(lane, in, observer));
        }
        Tensor pooled =
                config.pooling() == Pooling.LAST ? lane.lastStep(x) : lane.meanPool(x, batch.lengths()); // (B, H)
        observer.see("pooled", lane, pooled);
        Tensor logits = decoder.run(
                lane, hidden == null ? pooled : pairs(hidden, lane, pooled, observer)); // (outputs, classes)
        observer.see("logits", lane, logits);
        return logits;
    }

    /**
     * The retrieval head's hidden layer for pairs (i, i + n) of the 2n pooled sequences: gelu(layer1([a, b, a - b, a * b])),
     * (n, H). A handful of numbers a pair, so they are combined on the host.
     */
    private Tensor pairs(LoadedLayer layer1, Compute lane, Tensor pooled, Observer observer) {
        float[] vectors = lane.download(pooled); // (2n, H)
        int channels = config.channels();
        int pairs = pooled.shape()[0] / 2;
        float[] features = new float[4 * pairs * channels]; // (n, 4, H)
        for (int pair = 0; pair < pairs; pair++) {
            for (int h = 0; h < channels; h++) {
                float a = vectors[pair * channels + h];
                float b = vectors[(pairs + pair) * channels + h];
                int at = 4 * pair * channels + h;
                features[at] = a;
                features[at + channels] = b;
                features[at + 2 * channels] = a - b;
                features[at + 3 * channels] = a * b;
            }
        }
        Tensor before = layer1.run(lane, lane.tensor(features, pairs, 4 * channels));
        observer.see("retrieval_hidden_pre_gelu", lane, before);
        return lane.gelu(before, Gelu.TANH);
    }
}
