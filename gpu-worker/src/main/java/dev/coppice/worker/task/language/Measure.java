package dev.coppice.worker.task.language;

import dev.coppice.results.Metrics;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is computed over a task's documents. */
public enum Measure {
    /** Accuracy, and normalised accuracy where the task has it. */
    CHOICES("accuracy"),
    /** Accuracy, and perplexity of whole continuations. */
    LAST_WORDS("accuracy"),
    /** Perplexity per word and byte. */
    PAGES("word_perplexity"),
    /** Perplexity per token. */
    WINDOWS("perplexity");

    private static final String TRUNCATED = "truncated_requests";

    private final String metric;

    Measure(String metric) {
        this.metric = metric;
    }

    /** The metric that tables show, by the name of its column. */
    public String metric() {
        return metric;
    }

    /** Whether more of the metric is better. */
    public boolean higherIsBetter() {
        return this == CHOICES || this == LAST_WORDS;
    }

    /**
     * The metrics over all documents.
     *
     * @param scores in the documents' order, at least one
     */
    public Metrics of(List<DocumentScore> scores) {
        return switch (this) {
            case CHOICES, LAST_WORDS -> answers(scores);
            case PAGES -> pages(scores);
            case WINDOWS -> windows(scores);
        };
    }

    private Metrics answers(List<DocumentScore> scores) {
        Mean accuracy =
                required(Mean.of(scores, score -> indicator(score.verdict().correct())));
        Mean normalised = Mean.of(scores, score -> indicator(score.verdict().correctNormalised()));
        Double perplexity = this == LAST_WORDS
                ? Math.exp(-required(Mean.of(scores, score -> score.verdict().logLikelihood()))
                        .value())
                : null;
        return new Metrics(
                accuracy.value(),
                accuracy.standardError(),
                normalised == null ? null : normalised.value(),
                normalised == null ? null : normalised.standardError(),
                perplexity,
                null,
                null,
                null,
                null,
                scores.size(),
                tokens(scores),
                extra(scores));
    }

    /** exp(-sum of log-likelihoods / sum of words or bytes), of all documents together. */
    private static Metrics pages(List<DocumentScore> scores) {
        double loss = -logLikelihood(scores);
        double words = scores.stream()
                .mapToLong(score -> score.verdict().prose().words())
                .sum();
        double bytes = scores.stream()
                .mapToLong(score -> score.verdict().prose().bytes())
                .sum();
        return new Metrics(
                null,
                null,
                null,
                null,
                null,
                Math.exp(loss / words),
                Math.exp(loss / bytes),
                loss / (bytes * Math.log(2)),
                null,
                scores.size(),
                tokens(scores),
                Map.of());
    }

    private static Metrics windows(List<DocumentScore> scores) {
        double loss = -logLikelihood(scores)
                / scores.stream().mapToLong(DocumentScore::predicted).sum();
        return new Metrics(
                null,
                null,
                null,
                null,
                Math.exp(loss),
                null,
                null,
                null,
                loss,
                scores.size(),
                tokens(scores),
                Map.of());
    }

    private static double logLikelihood(List<DocumentScore> scores) {
        return scores.stream()
                .mapToDouble(score -> score.verdict().logLikelihood())
                .sum();
    }

    private static long tokens(List<DocumentScore> scores) {
        return scores.stream().mapToLong(DocumentScore::tokens).sum();
    }

    private static Map<String, Double> extra(List<DocumentScore> scores) {
        long truncated = scores.stream().mapToLong(DocumentScore::truncated).sum();
        return Map.of(TRUNCATED, (double) truncated);
    }

    private static @Nullable Double indicator(@Nullable Boolean correct) {
        return correct == null ? null : correct ? 1.0 : 0.0;
    }

    private static Mean required(@Nullable Mean mean) {
        if (mean == null) {
            throw new IllegalArgumentException("documents of this task have an answer each");
        }
        return mean;
    }

    /**
     * A mean over documents.
     *
     * @param standardError sample standard deviation (n - 1) / sqrt(n); null of a single document
     */
    private record Mean(double value, @Nullable Double standardError) {

        /** Null where a document has no such value. */
        static @Nullable Mean of(List<DocumentScore> scores, Function<DocumentScore, @Nullable Double> value) {
            double[] values = new double[scores.size()]; // (documents)
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                Double own = value.apply(scores.get(i));
                if (own == null) {
                    return null;
                }
                values[i] = own;
                sum += own;
            }
            double mean = sum / values.length;
            double squares = 0;
            for (double own : values) {
                squares += (own - mean) * (own - mean);
            }
            int n = values.length;
            return new Mean(mean, n > 1 ? Math.sqrt(squares / (n - 1) / n) : null);
        }
    }
}
