package dev.coppice.results;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job did with one example: a sequence, a document with its choices, or a stretch of running text. Null means "does
 * not apply".
 *
 * @param example number of the example in the task's data, from 0
 * @param gold the right class or choice, from 0
 * @param predicted the one that the model prefers
 * @param correct whether it was answered correctly
 * @param correctNorm the same by length-normalised log-likelihood
 * @param logLikelihood of the label, the right continuation or the text, in nats
 * @param choices log-likelihood of each class or choice; empty where there are none
 * @param tokens tokens that {@code logLikelihood} is over; 1 for a class
 * @param words words of the text
 * @param bytes UTF-8 bytes of the text
 */
public record Sample(
        int example,
        @Nullable Integer gold,
        @Nullable Integer predicted,
        @Nullable Boolean correct,
        @Nullable Boolean correctNorm,
        double logLikelihood,
        List<Double> choices,
        int tokens,
        @Nullable Integer words,
        @Nullable Integer bytes)
        implements Serializable {

    public Sample {
        choices = List.copyOf(choices);
    }
}
