package dev.coppice.worker.model.layer;

/** What a classifier's first layer takes. */
public enum InputLayer {
    /** Token ids, as one-hot rows of a dense layer. */
    TOKENS_ONEHOT,
    /** Token ids, as rows of an embedding. */
    TOKENS_EMBEDDING,
    /** Channels of real values. */
    CONTINUOUS
}
