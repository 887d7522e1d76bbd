package dev.coppice.worker.input;

/** Kinds of {@link Input} that a task yields. */
public enum InputKind {
    PIXELS,
    /** Sound of one channel. */
    SAMPLES,
    SYMBOLS,
    TOKEN_IDS,
    TEXT,
    /** Text whose tokens are scored: what language models are evaluated on. */
    LANGUAGE
}
