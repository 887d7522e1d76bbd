package dev.coppice.results;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What evaluation measured; null means "does not apply".
 *
 * @param accuracy fraction of the examples answered correctly
 * @param accuracyStderr standard error of the mean, sqrt(p (1 - p) / (n - 1))
 * @param accuracyNorm accuracy by length-normalised log-likelihood
 * @param perplexity per token
 * @param loss mean negative log-likelihood of the label or token, in nats
 * @param examples examples evaluated
 * @param tokens time steps or tokens evaluated, padding not counted
 * @param extra further figures by name
 */
public record Metrics(
        @Nullable Double accuracy,
        @Nullable Double accuracyStderr,
        @Nullable Double accuracyNorm,
        @Nullable Double accuracyNormStderr,
        @Nullable Double perplexity,
        @Nullable Double wordPerplexity,
        @Nullable Double bytePerplexity,
        @Nullable Double bitsPerByte,
        @Nullable Double loss,
        long examples,
        long tokens,
        Map<String, Double> extra)
        implements Serializable {

    public Metrics {
        extra = Collections.unmodifiableMap(new TreeMap<>(extra));
    }

    /** The metrics of a classifier over {@code examples} sequences of {@code tokens} steps in all. */
    public static Metrics ofClassifier(long correct, double loss, long examples, long tokens) {
        double p = correct / (double) examples;
        Double stderr = examples > 1 ? Math.sqrt(p * (1 - p) / (examples - 1)) : null;
        return new Metrics(p, stderr, null, null, null, null, null, null, loss, examples, tokens, Map.of());
    }

    /** These metrics with one more of {@link #extra}. */
    public Metrics with(String name, double value) {
        Map<String, Double> more = new TreeMap<>(extra);
        more.put(name, value);
        return new Metrics(
                accuracy,
                accuracyStderr,
                accuracyNorm,
                accuracyNormStderr,
                perplexity,
                wordPerplexity,
                bytePerplexity,
                bitsPerByte,
                loss,
                examples,
                tokens,
                more);
    }
}
