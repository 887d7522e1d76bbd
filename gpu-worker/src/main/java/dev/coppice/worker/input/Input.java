package dev.coppice.worker.input;

/** One example's raw content; the model encodes it. */
public sealed interface Input permits Pixels, Samples, Symbols, TokenIds, Text, DocumentPair {}
