package dev.coppice.driver.report;

import dev.coppice.results.Coordinates;
import dev.coppice.results.Granularity;
import dev.coppice.results.Metrics;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One model on one task, evaluated in one way.
 *
 * @param at coordinates of one of its jobs; method, ratio and seed mean nothing here
 * @param variant the task's parameters that tell it from other sections of the same model and task; else empty
 * @param dense the unpruned model
 * @param methods the pruned ones, in the plan's order
 * @param pValues paired tests of the pruned ones against the dense one
 */
public record Section(Coordinates at, String variant, Cell dense, List<MethodLine> methods, PValues pValues) {

    public Section {
        methods = List.copyOf(methods);
    }

    /** The section in a line. */
    public String title() {
        return at.model() + " on " + at.task() + (variant.isEmpty() ? "" : " (" + variant + ")");
    }

    /** How it was evaluated, in a line. */
    public String subtitle() {
        String architecture = at.architecture() == null ? "" : at.architecture() + ", ";
        Long examples = examples();
        return architecture + at.precision() + ", " + at.split() + " split"
                + (examples == null ? "" : ", " + examples + " examples");
    }

    /** Ratios that any method has, ascending. */
    public List<BigDecimal> ratios() {
        TreeSet<BigDecimal> ratios = new TreeSet<>();
        methods.forEach(method -> ratios.addAll(method.cells().keySet()));
        return List.copyOf(ratios);
    }

    /** What its tables show: the measures that any of its jobs has; accuracy when none is done. */
    public List<Measure> measures() {
        List<Measure> measures = Stream.of(Measure.values())
                .filter(measure -> cells().anyMatch(cell -> cell.mean(measure) != null))
                .toList();
        return measures.isEmpty() ? List.of(Measure.ACCURACY) : measures;
    }

    /** What the layers' kept units are, of the methods that have any. */
    public List<Granularity> granularities() {
        return methods.stream()
                .filter(method -> method.cells().values().stream()
                        .anyMatch(cell -> !cell.keptPerLayer().isEmpty()))
                .map(MethodLine::granularity)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
    }

    private Stream<Cell> cells() {
        return Stream.concat(Stream.of(dense), methods.stream().flatMap(method -> method.cells().values().stream()));
    }

    /**
     * Mean of {@code cell} above the unpruned model's, in the unit that is shown: points or the measure's own; null when
     * one of them is not there.
     */
    public @Nullable Double delta(Cell cell, Measure measure) {
        Double pruned = cell.mean(measure);
        Double unpruned = dense.mean(measure);
        return pruned == null || unpruned == null ? null : (Double) (measure.shownScale() * (pruned - unpruned));
    }

    /** Examples of each of its jobs; null when none is done. */
    @Nullable
    Long examples() {
        return methods.stream()
                .flatMap(method -> method.cells().values().stream())
                .flatMap(cell -> cell.done().stream())
                .findFirst()
                .or(() -> dense.done().stream().findFirst())
                .map(row -> row.metrics())
                .map(Metrics::examples)
                .orElse(null);
    }
}
