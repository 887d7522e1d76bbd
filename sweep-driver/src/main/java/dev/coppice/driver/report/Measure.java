package dev.coppice.driver.report;

import dev.coppice.results.Metrics;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A figure that tables show, each by its own name: accuracy and normalised accuracy are never mixed. */
public enum Measure {
    /** Fraction answered correctly, shown in per cent. */
    ACCURACY("accuracy", Metrics::accuracy, Unit.FRACTION),
    /** The same by length-normalised log-likelihood. */
    ACCURACY_NORM("accuracy_norm", Metrics::accuracyNorm, Unit.FRACTION),
    /** Perplexity per token, which only compares where tokenizers are the same. */
    PERPLEXITY("perplexity", Metrics::perplexity, Unit.NUMBER),
    /** Perplexity per word. */
    WORD_PERPLEXITY("word_perplexity", Metrics::wordPerplexity, Unit.NUMBER);

    private enum Unit {
        FRACTION,
        NUMBER
    }

    private final String column;
    private final Function<Metrics, @Nullable Double> value;
    private final Unit unit;

    Measure(String column, Function<Metrics, @Nullable Double> value, Unit unit) {
        this.column = column;
        this.value = value;
        this.unit = unit;
    }

    /** Name of its column in the result files. */
    public String column() {
        return column;
    }

    /** What it is in {@code metrics}, as stored; null where it does not apply. */
    public @Nullable Double of(Metrics metrics) {
        return value.apply(metrics);
    }

    /** The measure and its unit, such as "accuracy in %". */
    String inWords() {
        return column.replace('_', ' ') + (unit == Unit.FRACTION ? " in %" : "");
    }

    /** Unit of a difference, such as " in points". */
    String differenceUnit() {
        return unit == Unit.FRACTION ? " in points" : "";
    }

    /** By what a stored figure is multiplied to be shown. */
    double shownScale() {
        return unit == Unit.FRACTION ? 100 : 1;
    }
}
