package dev.coppice.driver.report;

import dev.coppice.results.Metrics;
import dev.coppice.results.ResultRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One method at one ratio: the jobs that differ in nothing but their seed.
 *
 * @param done rows of the jobs that are done, by seed
 * @param failed jobs whose last attempt failed
 * @param pending jobs of the plan that have no row yet
 */
public record Cell(List<ResultRow> done, int failed, int pending) {

    /** A cell without jobs. */
    public static final Cell EMPTY = new Cell(List.of(), 0, 0);

    public Cell {
        done = List.copyOf(done);
    }

    /** What became of the cell's jobs, by the worst that can be told of them. */
    public CellState state() {
        if (!done.isEmpty()) {
            return CellState.DONE;
        }
        if (failed > 0) {
            return CellState.FAILED;
        }
        return CellState.MISSING;
    }

    /** Mean over the seeds, as stored; null when no job that has the measure is done. */
    public @Nullable Double mean(Measure measure) {
        List<Double> values = values(measure);
        return values.isEmpty() ? null : (Double) mean(values);
    }

    /** Standard deviation over the seeds, with n - 1; null below two seeds. */
    public @Nullable Double deviation(Measure measure) {
        List<Double> values = values(measure);
        if (values.size() < 2) {
            return null;
        }
        double mean = mean(values);
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.size() - 1));
    }

    /** Mean number of units kept in each layer, (layers); empty when no job is done. */
    public List<Double> keptPerLayer() {
        List<Double> kept = new ArrayList<>();
        int layers = done.isEmpty() ? 0 : achieved(done.get(0)).size();
        for (int layer = 0; layer < layers; layer++) {
            double sum = 0;
            for (ResultRow row : done) {
                sum += achieved(row).get(layer);
            }
            kept.add(sum / done.size());
        }
        return kept;
    }

    /** What the jobs that are done measured, by seed. */
    private List<Double> values(Measure measure) {
        List<Double> values = new ArrayList<>();
        for (ResultRow row : done) {
            Metrics metrics = row.metrics();
            Double value = metrics == null ? null : measure.of(metrics);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private static List<Integer> achieved(ResultRow row) {
        return row.achieved() == null ? List.of() : row.achieved().keptPerLayer();
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
    }
}
