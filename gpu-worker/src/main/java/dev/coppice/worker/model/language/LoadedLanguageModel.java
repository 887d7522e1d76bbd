package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TokenScores;
import dev.coppice.worker.model.Observer;

/** A language model whose weights are on a device. One thread at a time uses it; its operations use all of the device. */
public interface LoadedLanguageModel {

    /**
     * Runs all layers.
     *
     * @param observer sees {@code hidden_states} of each layer (named hidden_states.I, I = 0 the embedding) and what the layers name
     * @return in the innermost open scope
     */
    Forward forward(TokenBatch batch, Observer observer);

    /**
     * As {@link #forward}, where nothing goes on from the batch's sequences: their states are not computed.
     *
     * @return what the head reads, after the final norm, (R, D); in the innermost open scope
     */
    Tensor hidden(TokenBatch batch, Observer observer);

    /**
     * What the head reads and what the model remembers.
     *
     * @param hidden after the final norm, (R, D)
     * @param state after each sequence
     */
    record Forward(Tensor hidden, LanguageState state) {}

    /** All logits of the rows of {@code hidden} (R, D): (R, vocabulary). For a few rows; see {@link #score}. */
    Tensor logits(Tensor hidden);

    /**
     * Log-probabilities of {@code targets} at {@code rows} of {@code hidden}, without a tensor of all logits.
     *
     * @param hidden of {@link Forward}
     * @param rows rows of {@code hidden}, repeats allowed
     * @param targets token id for each of {@code rows}
     */
    TokenScores score(Tensor hidden, int[] rows, int[] targets);
}
