package dev.coppice.driver.report;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import dev.coppice.results.Coordinates;
import dev.coppice.results.JobId;
import dev.coppice.results.PlannedJob;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Sample;
import dev.coppice.results.Status;
import dev.coppice.results.store.StoredRows;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * Arranges jobs: into sections by everything that changes what is measured, into lines by everything that changes the
 * method, into cells by ratio. What is left to average over is the seed alone.
 */
final class TableBuilder {

    private static final Comparator<ResultRow> BY_NAME = comparing(
                    ResultRow::coordinates,
                    comparing(Coordinates::model)
                            .thenComparing(Coordinates::task)
                            .thenComparing(Coordinates::method)
                            .thenComparing(Coordinates::ratioRequested)
                            .thenComparing(Coordinates::seed, nullsFirst(naturalOrder())))
            .thenComparing(ResultRow::jobId);

    private final String sweep;
    private final StoredRows stored;
    private final List<ReportedJob> jobs;
    private final BinaryOperator<String> standard;
    private final Function<ResultRow, List<Sample>> samples;

    TableBuilder(
            String sweep,
            List<PlannedJob> plan,
            StoredRows stored,
            BinaryOperator<String> standard,
            Function<ResultRow, List<Sample>> samples) {
        this.sweep = sweep;
        this.stored = stored;
        this.standard = standard;
        this.samples = samples;
        this.jobs = plan.isEmpty() ? unplanned(stored.rows()) : planned(plan, stored.rows());
    }

    private static List<ReportedJob> unplanned(List<ResultRow> rows) {
        return rows.stream().sorted(BY_NAME).map(ReportedJob::of).toList();
    }

    private static List<ReportedJob> planned(List<PlannedJob> plan, List<ResultRow> rows) {
        Map<JobId, ResultRow> byJob = new HashMap<>();
        rows.forEach(row -> byJob.put(row.jobId(), row));
        return plan.stream()
                .map(job -> ReportedJob.of(job, byJob.get(job.jobId())))
                .toList();
    }

    ResultTable build() {
        List<ResultRow> rows = new ArrayList<>();
        Map<JobId, SortedMap<String, String>> methodParams = new HashMap<>();
        for (ReportedJob job : jobs) {
            if (job.row() != null) {
                rows.add(job.row());
                methodParams.put(job.row().jobId(), job.methodParams());
            }
        }
        List<ResultRow> failures =
                rows.stream().filter(row -> row.status() == Status.FAILED).toList();
        return new ResultTable(
                sweep,
                sections(),
                rows,
                methodParams,
                failures,
                jobs.size() - rows.size(),
                stored.rows().size() - rows.size(),
                stored.unreadable());
    }

    private List<Section> sections() {
        Map<GroupKey, List<ReportedJob>> groups = groups(jobs, GroupKey::ofSection);
        Variants variants = new Variants(groups.keySet(), (name, detail) -> "");
        List<Section> sections = new ArrayList<>();
        groups.forEach((key, group) -> sections.add(section(group, variants.label(key))));
        return sections;
    }

    private Section section(List<ReportedJob> group, String variant) {
        List<ReportedJob> dense = group.stream().filter(ReportedJob::isDense).toList();
        List<ReportedJob> pruned = group.stream().filter(job -> !job.isDense()).toList();
        Map<GroupKey, List<ReportedJob>> lines = groups(pruned, GroupKey::ofLine);
        Variants variants = new Variants(lines.keySet(), standard);
        List<MethodLine> methods = new ArrayList<>();
        lines.forEach((key, line) -> {
            String label = variants.label(key);
            String name = key.name() + (label.isEmpty() ? "" : " (" + label + ")");
            methods.add(new MethodLine(key.name(), name, line.get(0).at().granularity(), cells(line)));
        });
        Cell unpruned = cell(dense);
        return new Section(described(group).at(), variant, unpruned, methods, new PValues(unpruned, methods, samples));
    }

    /** A job that tells most: one whose model could be read. */
    private static ReportedJob described(List<ReportedJob> group) {
        return group.stream()
                .filter(job -> job.at().architecture() != null)
                .findFirst()
                .orElse(group.get(0));
    }

    private static SortedMap<BigDecimal, Cell> cells(List<ReportedJob> line) {
        SortedMap<BigDecimal, Cell> cells = new TreeMap<>();
        groups(line, job -> job.at().ratioRequested()).forEach((ratio, group) -> cells.put(ratio, cell(group)));
        return cells;
    }

    private static Cell cell(List<ReportedJob> group) {
        List<ResultRow> done = new ArrayList<>();
        int failed = 0;
        int pending = 0;
        for (ReportedJob job : group) {
            if (job.row() == null) {
                pending++;
            } else if (job.isDone()) {
                done.add(job.row());
            } else {
                failed++;
            }
        }
        done.sort(BY_NAME);
        return new Cell(done, failed, pending);
    }

    private static <K> Map<K, List<ReportedJob>> groups(List<ReportedJob> jobs, Function<ReportedJob, K> key) {
        Map<K, List<ReportedJob>> groups = new LinkedHashMap<>();
        jobs.forEach(job ->
                groups.computeIfAbsent(key.apply(job), any -> new ArrayList<>()).add(job));
        return groups;
    }
}
