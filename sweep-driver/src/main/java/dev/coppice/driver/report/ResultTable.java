package dev.coppice.driver.report;

import dev.coppice.results.PlannedJob;
import dev.coppice.results.ResultRow;
import dev.coppice.results.store.StoredRows;
import dev.coppice.results.store.UnreadableFile;
import java.util.List;

/**
 * The results of a sweep, arranged.
 *
 * @param sweep name of the sweep
 * @param sections one a model and task, in the plan's order
 * @param rows the effective rows that the sections are made of, in their order
 * @param failures those of them that failed
 * @param pending jobs of the plan without a row
 * @param outside rows of jobs that an earlier plan had, and the present one has not; they are in no section
 * @param unreadable files among the results that could not be read
 */
public record ResultTable(
        String sweep,
        List<Section> sections,
        List<ResultRow> rows,
        List<ResultRow> failures,
        int pending,
        int outside,
        List<UnreadableFile> unreadable) {

    public ResultTable {
        sections = List.copyOf(sections);
        rows = List.copyOf(rows);
        failures = List.copyOf(failures);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * Arranges what a sweep has so far.
     *
     * @param plan the sweep's newest plan; empty to show every row there is, in the order of names
     * @param stored the effective rows
     */
    public static ResultTable of(String sweep, List<PlannedJob> plan, StoredRows stored) {
        return new TableBuilder(sweep, plan, stored).build();
    }

    /** Jobs that are done. */
    public int done() {
        return rows.size() - failures.size();
    }

    /** Whether any cell's mean lacks seeds that failed. */
    boolean hasPartialCells() {
        return sections.stream()
                .flatMap(section -> section.methods().stream())
                .flatMap(method -> method.cells().values().stream())
                .anyMatch(cell -> cell.state() == CellState.DONE && cell.failed() > 0);
    }
}
