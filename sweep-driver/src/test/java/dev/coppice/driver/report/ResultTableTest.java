package dev.coppice.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.results.Granularity;
import dev.coppice.results.PlannedJob;
import dev.coppice.results.ResultRow;
import dev.coppice.results.store.StoredRows;
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
        assertThat(random.accuracy()).isCloseTo(0.75, within(1e-12));
        assertThat(random.accuracyDeviation()).isCloseTo(0.01, within(1e-12));
        assertThat(section.deltaPoints(random)).isCloseTo(-24.0, within(1e-9));
        assertThat(random.keptPerLayer()).hasSize(4);
    }

    @Test
    void oneRunHasNoSpread() {
        Section section = SampleSweep.table(output).sections().get(0);
        assertThat(section.methods().get(0).at(HALF).accuracyDeviation()).isNull();
        assertThat(section.dense().accuracy()).isEqualTo(0.99);
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

        ResultTable table = ResultTable.of("s", plan, new StoredRows(rows, List.of()));

        assertThat(table.sections().get(0).methods())
                .extracting(MethodLine::name)
                .containsExactly(
                        "wanda (granularity=weight, pattern=none)",
                        "wanda (granularity=N:M, pattern=2:4)",
                        "last (reestimate=true)",
                        "last (reestimate=false)");
        assertThat(table.sections().get(0).methods())
                .allSatisfy(line -> assertThat(line.at(HALF).done()).hasSize(1));
    }

    @Test
    void rowsOfAnEarlierPlanAreLeftOutAndCounted() {
        PlannedJob now = job("last", Granularity.STATE, Map.of());
        PlannedJob before = job("last", Granularity.STATE, Map.of("reestimate", "true"));
        StoredRows stored =
                new StoredRows(List.of(SampleSweep.doneRow(now, 150), SampleSweep.doneRow(before, 10)), List.of());

        ResultTable table = ResultTable.of("s", List.of(now), stored);

        assertThat(table.outside()).isEqualTo(1);
        assertThat(table.sections().get(0).methods().get(0).at(HALF).accuracy()).isEqualTo(0.75);
    }

    @Test
    void withoutAPlanEveryRowIsShown() {
        PlannedJob job = job("last", Granularity.STATE, Map.of());

        ResultTable table =
                ResultTable.of("s", List.of(), new StoredRows(List.of(SampleSweep.doneRow(job, 150)), List.of()));

        assertThat(table.sections()).hasSize(1);
        assertThat(table.outside()).isZero();
        assertThat(table.sections().get(0).dense().state()).isEqualTo(CellState.MISSING);
        assertThat(deltaAtHalf(table)).isNull();
    }

    private static @Nullable Double deltaAtHalf(ResultTable table) {
        Section section = table.sections().get(0);
        return section.deltaPoints(section.methods().get(0).at(HALF));
    }

    private static PlannedJob job(String method, Granularity granularity, Map<String, String> params) {
        SortedMap<String, String> sorted = Collections.unmodifiableSortedMap(new TreeMap<>(params));
        return new PlannedJob(
                SampleSweep.spec("m", method, "0.5", null, sorted), "s5", "accuracy", "test", granularity);
    }
}
