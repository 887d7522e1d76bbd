package dev.coppice.worker.model.s4d;

import dev.coppice.worker.model.layer.Linear;
import dev.coppice.worker.model.layer.Norm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All weights of a model, the systems discretised.
 *
 * @param embedding rows of the tokens, (vocabulary, H); null with continuous input
 * @param encoder from the input's channels to H; null with tokens
 * @param layers first layer first
 * @param finalNorm norm after the last layer; null without
 * @param decoder from H to the classes
 */
record S4dWeights(
        float @Nullable [] embedding,
        @Nullable Linear encoder,
        List<S4dLayer> layers,
        @Nullable Norm finalNorm,
        Linear decoder) {

    S4dWeights {
        if ((embedding == null) == (encoder == null)) {
            throw new IllegalArgumentException("a model has either an embedding or an encoder");
        }
        layers = List.copyOf(layers);
    }

    S4dWeights with(List<S4dLayer> others) {
        return new S4dWeights(embedding, encoder, others, finalNorm, decoder);
    }

    S4dWeights with(Norm otherFinalNorm) {
        return new S4dWeights(embedding, encoder, layers, otherFinalNorm, decoder);
    }

    /** Trained parameters of all but the state-space systems. */
    long parametersOutsideMixers() {
        long sum = decoder.parameters();
        sum += embedding == null ? 0 : embedding.length;
        sum += encoder == null ? 0 : encoder.parameters();
        sum += finalNorm == null ? 0 : finalNorm.parameters();
        for (S4dLayer layer : layers) {
            sum += layer.norm().parameters() + layer.output().parameters();
        }
        return sum;
    }

    /** Host memory, in bytes. */
    long bytes() {
        long sum = decoder.bytes();
        sum += embedding == null ? 0 : 4L * embedding.length;
        sum += encoder == null ? 0 : encoder.bytes();
        sum += finalNorm == null ? 0 : finalNorm.bytes();
        for (S4dLayer layer : layers) {
            sum += layer.norm().bytes()
                    + layer.output().bytes()
                    + layer.system().bytes();
        }
        return sum;
    }
}
