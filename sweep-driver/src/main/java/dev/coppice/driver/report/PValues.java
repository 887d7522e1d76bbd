package dev.coppice.driver.report;

import dev.coppice.results.JobId;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Sample;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Paired tests of the pruned models of a section against its dense one, where samples of both were kept. */
final class PValues {

    private final Map<JobId, Map<Measure, Double>> byJob = new HashMap<>();

    /**
     * Makes all tests of a section.
     *
     * @param samples what a job did with each example; none where that was not kept
     */
    PValues(Cell dense, List<MethodLine> methods, Function<ResultRow, List<Sample>> samples) {
        if (dense.done().size() != 1) {
            return;
        }
        List<Sample> reference = samples.apply(dense.done().get(0));
        if (reference.isEmpty()) {
            return;
        }
        for (MethodLine method : methods) {
            for (Cell cell : method.cells().values()) {
                for (ResultRow row : cell.done()) {
                    test(row, reference, samples.apply(row));
                }
            }
        }
    }

    private void test(ResultRow row, List<Sample> dense, List<Sample> pruned) {
        Map<Measure, Double> values = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            if (row.metrics() != null && measure.of(row.metrics()) != null) {
                Double p = PairedTest.p(measure, dense, pruned);
                if (p != null) {
                    values.put(measure, p);
                }
            }
        }
        byJob.put(row.jobId(), values);
    }

    /** Whether any test was made. */
    boolean any() {
        return byJob.values().stream().anyMatch(values -> !values.isEmpty());
    }

    /** The p-value of a job; null where no test was made. */
    @Nullable
    Double of(ResultRow row, Measure measure) {
        return byJob.getOrDefault(row.jobId(), Map.of()).get(measure);
    }

    /** The p-value of a cell of one job; null for a mean over seeds, to which no such test applies. */
    @Nullable
    Double of(Cell cell, Measure measure) {
        return cell.done().size() == 1 ? of(cell.done().get(0), measure) : null;
    }
}
