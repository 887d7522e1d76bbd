package dev.coppice.worker.model.s5;

/** What is classified. */
enum S5Head {
    /** A sequence, by one dense layer on its pooled output. */
    CLASSIFICATION,
    /** A pair of documents a, b, by two dense layers on [a, b, a - b, a * b]. */
    RETRIEVAL
}
