package dev.coppice.worker.model.s5;

import dev.coppice.worker.model.layer.Linear;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All weights of a classifier on the host.
 *
 * @param encoder the input's dense layer
 * @param layers first layer first
 * @param decoder classes from the pooled output; of the retrieval head, classes from its hidden layer
 * @param hidden the retrieval head's hidden layer; null without
 */
record S5Weights(
        Linear encoder,
        List<S5Layer> layers,
        Linear decoder,
        @Nullable Linear hidden) {

    S5Weights {
        layers = List.copyOf(layers);
    }

    S5Weights with(List<S5Layer> others) {
        return new S5Weights(encoder, others, decoder, hidden);
    }

    /** Trained parameters of all but the state-space systems. */
    long parametersOutsideMixers() {
        return encoder.parameters()
                + decoder.parameters()
                + (hidden == null ? 0 : hidden.parameters())
                + layers.stream().mapToLong(S5Layer::parametersOutsideMixer).sum();
    }

    /** Host memory, in bytes. */
    long bytes() {
        return encoder.bytes()
                + decoder.bytes()
                + (hidden == null ? 0 : hidden.bytes())
                + layers.stream().mapToLong(S5Layer::bytes).sum();
    }
}
