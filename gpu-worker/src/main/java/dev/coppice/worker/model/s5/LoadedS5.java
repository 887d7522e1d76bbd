package dev.coppice.worker.model.s5;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.MimoSsm;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.LoadedClassifier;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.layer.InputLayer;
import dev.coppice.worker.model.layer.Linear;
import dev.coppice.worker.model.layer.LoadedLayer;
import dev.coppice.worker.model.layer.Pooling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The forward pass, on weights that lie on a device. */
final class LoadedS5 implements LoadedClassifier {

    private record Layer(
            LoadedLayer norm,
            MimoSsm system,
            @Nullable LoadedLayer value,
            @Nullable LoadedLayer gate) {}

    private final S5Config config;
    private final @Nullable Tensor embedding; // (vocabulary, H)
    private final LoadedLayer encoder;
    private final List<Layer> layers = new ArrayList<>();
    private final LoadedLayer decoder;
    private final @Nullable LoadedLayer hidden;

    LoadedS5(S5Config config, S5Weights weights, Compute compute) {
        this.config = config;
        encoder = weights.encoder().on(compute);
        embedding = config.inputLayer() == InputLayer.TOKENS_ONEHOT
                ? compute.tensor(embedding(weights.encoder()), config.inputs(), config.channels())
                : null;
        for (S5Layer layer : weights.layers()) {
            layers.add(new Layer(
                    layer.norm().on(compute),
                    compute.prepare(layer.system().parameters()),
                    layer.value() == null ? null : layer.value().on(compute),
                    layer.gate() == null ? null : layer.gate().on(compute)));
        }
        decoder = weights.decoder().on(compute);
        hidden = weights.hidden() == null ? null : weights.hidden().on(compute);
    }

    /** A dense layer on one-hot rows picks a column of its weight: (vocabulary, H), the bias added to each. */
    private static float[] embedding(Linear encoder) {
        int channels = encoder.bias().length;
        int vocabulary = encoder.weight().length / channels;
        float[] rows = new float[encoder.weight().length];
        for (int token = 0; token < vocabulary; token++) {
            for (int h = 0; h < channels; h++) {
                rows[token * channels + h] = encoder.weight()[h * vocabulary + token] + encoder.bias()[h];
            }
        }
        return rows;
    }

    @Override
    public Tensor logits(Compute lane, SequenceBatch batch, Observer observer) {
        Tensor x = encode(lane, batch); // (B, T, H)
        observer.see("encoder_out", lane, x);
        for (int layer = 0; layer < layers.size(); layer++) {
            int number = layer;
            Tensor in = x;
            x = lane.scoped(() -> layer(number, lane, in, observer));
        }
        Tensor pooled =
                config.pooling() == Pooling.LAST ? lane.lastStep(x) : lane.meanPool(x, batch.lengths()); // (B, H)
        observer.see("pooled", lane, pooled);
        Tensor logits = decoder.run(
                lane, hidden == null ? pooled : pairs(hidden, lane, pooled, observer)); // (outputs, classes)
        observer.see("logits", lane, logits);
        return logits;
    }

    private Tensor encode(Compute lane, SequenceBatch batch) {
        int[] tokens = batch.tokens();
        float[] values = batch.values();
        if (embedding != null && tokens != null) {
            return lane.embedding(tokens, batch.sequences(), embedding);
        }
        if (embedding == null && values != null) {
            return encoder.run(lane, lane.tensor(values, batch.sequences(), batch.steps(), batch.channels()));
        }
        throw new IllegalArgumentException(
                "the batch holds " + (tokens == null ? "values" : "tokens") + ", the model takes the other kind");
    }

    /** Prenorm: x + act(ssm(norm(x))); postnorm: norm(x + act(ssm(x))). */
    private Tensor layer(int number, Compute lane, Tensor x, Observer observer) {
        String name = "layer" + number + ".";
        Layer layer = layers.get(number);
        Tensor in = x;
        if (config.prenorm()) {
            observer.see(name + "norm_in", lane, x);
            in = layer.norm().run(lane, x);
            observer.see(name + "norm_out", lane, in);
        }
        Tensor y = lane.mimo(layer.system(), in); // (B, T, H)
        observer.see(name + "ssm_out", lane, y);
        Tensor out = activated(layer, lane, y, x);
        if (!config.prenorm()) {
            observer.see(name + "norm_in", lane, out);
            out = layer.norm().run(lane, out);
            observer.see(name + "norm_out", lane, out);
        }
        observer.see(name + "out", lane, out);
        return out;
    }

    /** The activation of y plus the residual. */
    private Tensor activated(Layer layer, Compute lane, Tensor y, Tensor residual) {
        Tensor g = lane.gelu(y, Gelu.TANH);
        if (layer.gate() == null) {
            return lane.add(g, residual);
        }
        Tensor value = layer.value() != null
                ? layer.value().run(lane, g)
                : config.activation() == S5Activation.HALF_GLU2 ? y : g;
        return lane.gate(value, layer.gate().run(lane, g), residual);
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
