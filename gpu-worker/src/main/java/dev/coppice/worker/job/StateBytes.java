package dev.coppice.worker.job;

import dev.coppice.worker.model.language.LanguageModel;

/**
 * Device memory of what a model remembers of a sequence.
 *
 * @param perSequence however long it is: recurrent states
 * @param perToken keys and values of attention layers
 */
public record StateBytes(long perSequence, long perToken) {

    /** What {@code model} remembers, in float32. */
    public static StateBytes of(LanguageModel model) {
        return new StateBytes(model.stateBytes(), Float.BYTES * model.cacheSize());
    }

    /** Bytes of {@code sequences} states after {@code tokens} tokens in all. */
    long of(long sequences, long tokens) {
        return sequences * perSequence + tokens * perToken;
    }
}
