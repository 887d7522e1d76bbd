package dev.coppice.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.results.Granularity;
import dev.coppice.results.Metrics;
import dev.coppice.results.PlannedJob;
import dev.coppice.results.ResultRow;
import dev.coppice.results.store.StoredRows;
import dev.coppice.worker.prune.Methods;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTableTest {

    private static final BigDecimal HALF = new BigDecimal("0.5");

    @TempDir
    private Path output;

    @Test
    void sectionsLinesAndRatiosFollowThePlan() {
        ResultTable table = SampleSweep.table(output);

        assertThat(table.sections())
                .extracting(Section::title)
                .containsExactly("s5-smnist on smnist", "s4d|<i> on smnist");
        Section first = table.sections().get(0);
        assertThat(first.methods()).extracting(MethodLine::name).containsExactly("last", "uniform-hinf", "random");
        assertThat(first.ratios()).extracting(BigDecimal::toPlainString).isEqualTo(SampleSweep.RATIOS);
        assertThat(table.done()).isEqualTo(27);
        assertThat(table.failures()).hasSize(1);
        assertThat(table.pending()).isEqualTo(1);
    }

    @Test
    void seedsAreAveragedWithTheirSpread() {
        Section section = SampleSweep.table(output).sections().get(0);
        Cell random = section.methods().get(2).at(HALF);

        // Correct answers of 200: 152, 150, 148.
        assertThat(random.mean(Measure.ACCURACY)).isCloseTo(0.75, within(1e-12));
        assertThat(random.deviation(Measure.ACCURACY)).isCloseTo(0.01, within(1e-12));
        assertThat(section.delta(random, Measure.ACCURACY)).isCloseTo(-24.0, within(1e-9));
        assertThat(random.keptPerLayer()).hasSize(4);
    }

    @Test
    void oneRunHasNoSpread() {
        Section section = SampleSweep.table(output).sections().get(0);
        assertThat(section.methods().get(0).at(HALF).deviation(Measure.ACCURACY))
                .isNull();
        assertThat(section.dense().mean(Measure.ACCURACY)).isEqualTo(0.99);
    }

    @Test
    void granularitiesAndParametersAreNeverAveraged() {
        List<PlannedJob> plan = new ArrayList<>();
        plan.add(job("wanda", Granularity.WEIGHT, Map.of()));
        plan.add(job("wanda", Granularity.N_M, Map.of("pattern", "2:4")));
        plan.add(job("last", Granularity.STATE, Map.of("reestimate", "true")));
        plan.add(job("last", Granularity.STATE, Map.of("reestimate", "false")));
        List<ResultRow> rows =
                plan.stream().map(job -> SampleSweep.doneRow(job, 100)).toList();

        ResultTable table = ResultTable.of("s", plan, new StoredRows(rows, List.of()), Methods::standard);

        assertThat(table.sections().get(0).methods())
                .extracting(MethodLine::name)
                .containsExactly("wanda", "wanda (pattern=2:4)", "last (reestimate=true)", "last (reestimate=false)");
        assertThat(table.sections().get(0).granularities())
                .containsExactly(Granularity.STATE, Granularity.WEIGHT, Granularity.N_M);
        assertThat(HtmlTables.sections(table))
                .contains("States kept per layer", "Weights kept per layer", "Weights in groups (N:M) kept per layer");
        assertThat(table.sections().get(0).methods())
                .allSatisfy(line -> assertThat(line.at(HALF).done()).hasSize(1));
    }

    @Test
    void rowsOfAnEarlierPlanAreLeftOutAndCounted() {
        PlannedJob now = job("last", Granularity.STATE, Map.of());
        PlannedJob before = job("last", Granularity.STATE, Map.of("reestimate", "true"));
        StoredRows stored =
                new StoredRows(List.of(SampleSweep.doneRow(now, 150), SampleSweep.doneRow(before, 10)), List.of());

        ResultTable table = ResultTable.of("s", List.of(now), stored, Methods::standard);

        assertThat(table.outside()).isEqualTo(1);
        assertThat(table.sections().get(0).methods().get(0).at(HALF).mean(Measure.ACCURACY))
                .isEqualTo(0.75);
    }

    @Test
    void withoutAPlanEveryRowIsShown() {
        PlannedJob job = job("last", Granularity.STATE, Map.of());

        ResultTable table = ResultTable.of(
                "s", List.of(), new StoredRows(List.of(SampleSweep.doneRow(job, 150)), List.of()), Methods::standard);

        assertThat(table.sections()).hasSize(1);
        assertThat(table.outside()).isZero();
        assertThat(table.sections().get(0).dense().state()).isEqualTo(CellState.MISSING);
        assertThat(deltaAtHalf(table)).isNull();
    }

    @Test
    void everyMeasureHasATableOfItsOwn() throws IOException {
        List<PlannedJob> plan = List.of(job("dense", null, "0"), job("last", Granularity.STATE, "0.5"));
        List<ResultRow> rows = List.of(
                SampleSweep.doneRow(plan.get(0), language(0.5, 0.25, 12.5)),
                SampleSweep.doneRow(plan.get(1), language(0.375, 0.25, 2_345_678)));
        StringBuilder text = new StringBuilder();

        Reports.write(
                Format.TERMINAL,
                ResultTable.of("s", plan, new StoredRows(rows, List.of()), Methods::standard),
                null,
                text);

        assertThat(text.toString()).isEqualTo("""
                m on smnist
                accuracy in %, below it the difference to dense in points; s5, float32, test split, 40 examples
                dense                  50.00
                  ratio                  0.5
                ----------------------------
                last                   37.50
                                      -12.50

                m on smnist
                accuracy norm in %, below it the difference to dense in points; s5, float32, test split, 40 examples
                dense                  25.00
                  ratio                  0.5
                ----------------------------
                last                   25.00
                                       +0.00

                m on smnist
                perplexity, below it the difference to dense; s5, float32, test split, 40 examples
                dense                  12.50
                  ratio                  0.5
                ----------------------------
                last                   2.3e6
                                      +2.3e6

                2 done, 0 failed, 0 pending
                """);
    }

    private static Metrics language(double accuracy, double accuracyNorm, double perplexity) {
        return new Metrics(accuracy, null, accuracyNorm, null, perplexity, null, null, null, null, 40, 4_000, Map.of());
    }

    private static @Nullable Double deltaAtHalf(ResultTable table) {
        Section section = table.sections().get(0);
        return section.delta(section.methods().get(0).at(HALF), Measure.ACCURACY);
    }

    /** A line of a file of rows says which of a method's variants it is. */
    @Test
    void csvTellsVariantsApart() throws IOException {
        PlannedJob in = job("wanda", Granularity.WEIGHT, Map.of("targets", "mixer-in", "propagate", "dense"));
        PlannedJob all = job("wanda", Granularity.WEIGHT, Map.of("targets", "all", "propagate", "dense"));
        List<ResultRow> rows = List.of(SampleSweep.doneRow(in, 150), SampleSweep.doneRow(all, 140));
        StringBuilder out = new StringBuilder();

        CsvReport.write(
                ResultTable.of("sample", List.of(in, all), new StoredRows(rows, List.of()), Methods::standard), out);

        List<String> lines = out.toString().lines().toList();
        assertThat(lines.get(0)).endsWith(",method_params");
        assertThat(lines.get(1)).contains(",wanda,").endsWith(",propagate=dense targets=mixer-in");
        assertThat(lines.get(2)).contains(",wanda,").endsWith(",propagate=dense targets=all");
    }

    private static PlannedJob job(String method, @Nullable Granularity granularity, String ratio) {
        return new PlannedJob(
                SampleSweep.spec("m", method, ratio, null, Collections.emptySortedMap()),
                "s5",
                "accuracy",
                "test",
                granularity);
    }

    private static PlannedJob job(String method, Granularity granularity, Map<String, String> params) {
        SortedMap<String, String> sorted = Collections.unmodifiableSortedMap(new TreeMap<>(params));
        return new PlannedJob(
                SampleSweep.spec("m", method, "0.5", null, sorted), "s5", "accuracy", "test", granularity);
    }
}
