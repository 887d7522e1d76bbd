package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.model.LayeredModel;
import org.jspecify.annotations.Nullable;

/** A model that predicts the next token. */
public interface LanguageModel extends LayeredModel {

    @Override
    LanguageConfig config();

    /** Rows of the embedding, the padding of the vocabulary included; token ids are below it. */
    int vocabulary();

    /** Longest sequence that its positions allow; null for a pure state-space model. */
    @Nullable
    Integer contextLimit();

    /** Keys and values that attention layers keep of each token, in real numbers; 0 for a pure state-space model. */
    long cacheSize();

    /**
     * Brings the weights onto {@code compute}, into its innermost open scope, whose end is the end of the result. 16-bit
     * weights stay 16-bit.
     */
    LoadedLanguageModel on(Compute compute);
}
