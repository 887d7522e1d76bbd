package dev.coppice.worker.task.language;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a document's answers are judged. */
public sealed interface Judgement {

    /** Judges the answers to a document's requests, in the requests' order. */
    Verdict judge(List<RequestScore> scores);

    /**
     * One of several: the likeliest wins, the first of equals.
     *
     * @param gold the right choice, from 0
     * @param choiceLengths characters (code points) of each choice, without the space before it, by which log-likelihoods
     *     are divided for the normalised accuracy; empty where the task has none
     */
    record MultipleChoice(int gold, List<Integer> choiceLengths) implements Judgement {

        public MultipleChoice {
            choiceLengths = List.copyOf(choiceLengths);
        }

        @Override
        public Verdict judge(List<RequestScore> scores) {
            double[] sums = // (choices)
                    scores.stream().mapToDouble(RequestScore::logProbability).toArray();
            int chosen = first(sums);
            if (choiceLengths.isEmpty()) {
                return new Verdict(sums[gold], chosen == gold, null, chosen, Prose.NONE);
            }
            double[] perCharacter = new double[sums.length]; // (choices)
            for (int c = 0; c < sums.length; c++) {
                perCharacter[c] = sums[c] / choiceLengths.get(c);
            }
            return new Verdict(sums[gold], chosen == gold, first(perCharacter) == gold, chosen, Prose.NONE);
        }

        private static int first(double[] values) {
            int best = 0;
            for (int i = 1; i < values.length; i++) {
                best = values[i] > values[best] ? i : best;
            }
            return best;
        }
    }

    /** One continuation, right when it is what the model would have said. */
    record Greedy() implements Judgement {

        @Override
        public Verdict judge(List<RequestScore> scores) {
            RequestScore only = scores.get(0);
            return new Verdict(only.logProbability(), only.greedy(), null, null, Prose.NONE);
        }
    }

    /**
     * A text that the requests cover piece by piece.
     *
     * @param words pieces between white space; 0 where words are not counted
     * @param bytes in UTF-8; 0 where they are not counted
     */
    record Prose(long words, long bytes) implements Judgement {

        static final Prose NONE = new Prose(0, 0);

        @Override
        public Verdict judge(List<RequestScore> scores) {
            double sum =
                    scores.stream().mapToDouble(RequestScore::logProbability).sum();
            return new Verdict(sum, null, null, null, this);
        }
    }

    /**
     * What came out for a document.
     *
     * @param logLikelihood of the gold choice, the continuation or the text; natural logarithm
     * @param correct whether the answer is right; null where there is no right answer
     * @param correctNormalised the same by log-likelihood per character; null where the task has no such measure
     * @param chosen the likeliest choice; null where there is no choice
     * @param prose how much text it was
     */
    record Verdict(
            double logLikelihood,
            @Nullable Boolean correct,
            @Nullable Boolean correctNormalised,
            @Nullable Integer chosen,
            Prose prose) {}
}
