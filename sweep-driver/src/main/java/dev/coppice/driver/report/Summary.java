package dev.coppice.driver.report;

import dev.coppice.results.Coordinates;
import dev.coppice.results.FailureKind;
import dev.coppice.results.ResultRow;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Sentences that several formats share. */
final class Summary {

    /** What the p-values are. */
    static final String TESTS =
            "p: two-sided, against the dense model on the same examples; McNemar's exact test for accuracies, the "
                    + "paired bootstrap for perplexities; not corrected for the number of tests";

    private Summary() {}

    static boolean hasTests(ResultTable table) {
        return table.sections().stream().anyMatch(section -> section.pValues().any());
    }

    /** How many jobs are where, such as "45 done, 3 failed, 0 pending". */
    static String counts(ResultTable table) {
        return table.done() + " done, " + table.failures().size() + " failed, " + table.pending() + " pending";
    }

    /** Failures by kind, such as "DATA 2, NUMERIC 1". */
    static String failureKinds(ResultTable table) {
        Map<FailureKind, Integer> kinds = new EnumMap<>(FailureKind.class);
        table.failures()
                .forEach(
                        row -> kinds.merge(Objects.requireNonNull(row.failure()).kind(), 1, Integer::sum));
        return kinds.entrySet().stream()
                .map(kind -> kind.getKey() + " " + kind.getValue())
                .collect(Collectors.joining(", "));
    }

    /** Which job a row is of, such as "s5-smnist on smnist, random 0.3, seed 7". */
    static String job(ResultRow row) {
        Coordinates at = row.coordinates();
        String seed = at.seed() == null ? "" : ", seed " + at.seed();
        return at.model() + " on " + at.task() + ", " + at.method() + " "
                + at.ratioRequested().toPlainString() + seed;
    }

    /** Why a row failed, kind first. */
    static String failure(ResultRow row) {
        var failure = Objects.requireNonNull(row.failure());
        return failure.kind() + ": " + failure.message();
    }
}
