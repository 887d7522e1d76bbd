package dev.coppice.driver.report;

import dev.coppice.results.JobId;
import dev.coppice.results.PlannedJob;
import dev.coppice.results.ResultRow;
import dev.coppice.results.store.ResultStore;
import dev.coppice.results.store.StoredRows;
import dev.coppice.results.store.UnreadableFile;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The results of a sweep, arranged.
 *
 * @param sweep name of the sweep
 * @param sections one a model and task, in the plan's order
 * @param rows the effective rows that the sections are made of, in their order
 * @param methodParams of the rows' jobs: the method's parameters and its calibration; empty without a plan
 * @param failures those of them that failed
 * @param pending jobs of the plan without a row
 * @param outside rows of jobs that an earlier plan had, and the present one has not; they are in no section
 * @param unreadable files among the results that could not be read
 */
public record ResultTable(
        String sweep,
        List<Section> sections,
        List<ResultRow> rows,
        Map<JobId, SortedMap<String, String>> methodParams,
        List<ResultRow> failures,
        int pending,
        int outside,
        List<UnreadableFile> unreadable) {

    public ResultTable {
        sections = List.copyOf(sections);
        rows = List.copyOf(rows);
        methodParams = Map.copyOf(methodParams);
        failures = List.copyOf(failures);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * Arranges what a sweep has so far.
     *
     * @param plan the sweep's newest plan; empty to show every row there is, in the order of names
     * @param stored the effective rows
     * @param standard of a method and a parameter, the value that goes without saying; empty where there is none
     */
    static ResultTable of(String sweep, List<PlannedJob> plan, StoredRows stored, BinaryOperator<String> standard) {
        return new TableBuilder(sweep, plan, stored, standard, row -> List.of()).build();
    }

    /**
     * Arranges what {@code store} has of a sweep, with paired tests where samples were kept.
     *
     * @param standard of a method and a parameter, the value that goes without saying; empty where there is none
     */
    public static ResultTable of(String sweep, ResultStore store, BinaryOperator<String> standard) {
        return new TableBuilder(
                        sweep,
                        store.plan(sweep),
                        store.rows(sweep),
                        standard,
                        row -> store.samples(sweep, row.jobId(), row.attempt()))
                .build();
    }

    /** Jobs that are done. */
    public int done() {
        return rows.size() - failures.size();
    }

    /** The p-value of a job against its dense model; null where no test was made. */
    @Nullable
    Double pValue(ResultRow row, Measure measure) {
        for (Section section : sections) {
            Double p = section.pValues().of(row, measure);
            if (p != null) {
                return p;
            }
        }
        return null;
    }

    /** Whether any cell's mean lacks seeds that failed. */
    boolean hasPartialCells() {
        return sections.stream()
                .flatMap(section -> section.methods().stream())
                .flatMap(method -> method.cells().values().stream())
                .anyMatch(cell -> cell.state() == CellState.DONE && cell.failed() > 0);
    }
}
