package dev.coppice.worker.model.s4d;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.SisoSsm;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.LoadedClassifier;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.layer.LoadedLayer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The forward pass, on weights that lie on a device. */
final class LoadedS4d implements LoadedClassifier {

    private record Layer(LoadedLayer norm, SisoSsm system, LoadedLayer output) {}

    private final S4dConfig config;
    private final @Nullable Tensor embedding; // (vocabulary, H)
    private final @Nullable LoadedLayer encoder;
    private final List<Layer> layers = new ArrayList<>();
    private final @Nullable LoadedLayer finalNorm;
    private final LoadedLayer decoder;

    LoadedS4d(S4dConfig config, S4dWeights weights, Compute compute) {
        this.config = config;
        float[] rows = weights.embedding();
        embedding = rows == null ? null : compute.tensor(rows, config.inputs(), config.channels());
        encoder = weights.encoder() == null ? null : weights.encoder().on(compute);
        for (S4dLayer layer : weights.layers()) {
            layers.add(new Layer(
                    layer.norm().on(compute),
                    compute.prepare(layer.system().parameters(), config.steps()),
                    layer.output().on(compute)));
        }
        finalNorm = weights.finalNorm() == null ? null : weights.finalNorm().on(compute);
        decoder = weights.decoder().on(compute);
    }

    @Override
    public Tensor logits(Compute lane, SequenceBatch batch, Observer observer) {
        Tensor x = encode(lane, batch); // (B, T, H)
        observer.see("encoder_out", lane, x);
        for (int layer = 0; layer < layers.size(); layer++) {
            int number = layer;
            Tensor in = x;
            x = lane.scoped(() -> layer(number, lane, in, batch.lengths(), observer));
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

    private Tensor encode(Compute lane, SequenceBatch batch) {
        int[] tokens = batch.tokens();
        float[] values = batch.values();
        if (embedding != null && tokens != null) {
            return lane.embedding(tokens, batch.sequences(), embedding);
        }
        if (encoder != null && values != null) {
            return encoder.run(lane, lane.tensor(values, batch.sequences(), batch.steps(), batch.channels()));
        }
        throw new IllegalArgumentException(
                "the batch holds " + (tokens == null ? "values" : "tokens") + ", the model takes the other kind");
    }

    /** Prenorm: x + block(norm(x)); postnorm: norm(x + block(x)). */
    private Tensor layer(int number, Compute lane, Tensor x, int[] lengths, Observer observer) {
        String name = "layer" + number + ".";
        Layer layer = layers.get(number);
        Tensor out;
        if (config.prenorm()) {
            observer.see(name + "norm_in", lane, x);
            Tensor normed = layer.norm().run(lane, x);
            observer.see(name + "norm_out", lane, normed);
            out = lane.add(x, block(layer, lane, normed, lengths, name, observer));
        } else {
            Tensor sum = lane.add(x, block(layer, lane, x, lengths, name, observer));
            observer.see(name + "norm_in", lane, sum);
            out = layer.norm().run(lane, sum);
            observer.see(name + "norm_out", lane, out);
        }
        observer.see(name + "out", lane, out);
        return out;
    }

    private Tensor block(Layer layer, Compute lane, Tensor x, int[] lengths, String name, Observer observer) {
        // Padding would leak into valid steps through the backward direction.
        Tensor input = config.masked() ? lane.maskSteps(x, lengths) : x;
        observer.see(name + "ssm_in", lane, input);
        Tensor y = lane.siso(layer.system(), input); // (B, T, H)
        observer.see(name + "ssm_out", lane, y);
        Tensor out = lane.glu(layer.output().run(lane, lane.gelu(y, Gelu.ERF))); // (B, T, 2H) -> (B, T, H)
        observer.see(name + "block_out", lane, out);
        return out;
    }
}
