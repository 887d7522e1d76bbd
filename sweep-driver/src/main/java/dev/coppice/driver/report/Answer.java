package dev.coppice.driver.report;

import dev.coppice.driver.search.MaxLoss;
import dev.coppice.driver.search.RatioSearch;
import dev.coppice.driver.search.Search;
import dev.coppice.driver.search.Verdict;
import dev.coppice.results.Metrics;
import dev.coppice.results.ResultRow;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a search has found for one method on one model and task.
 *
 * @param search where it stands
 * @param loss what the largest ratio loses; 0 for the dense model; null where there is no dense figure
 * @param measure what is lost of: the first that the jobs have
 */
record Answer(
        Section section,
        MethodLine method,
        RatioSearch search,
        @Nullable Double loss,
        Measure measure) {

    static Answer of(Section section, MethodLine method, Search sought) {
        MaxLoss maxLoss = sought.of(section.at().model(), section.at().task(), method.method());
        List<Metrics> dense = metrics(section.dense());
        RatioSearch search = dense.isEmpty()
                ? RatioSearch.unknown()
                : RatioSearch.of(maxLoss.grid(), ratio -> verdict(maxLoss, dense.get(0), method.at(ratio)));
        Double loss = dense.isEmpty()
                ? null
                : search.largest().signum() == 0
                        ? (Double) 0.0
                        : MaxLoss.meanLoss(dense.get(0), metrics(method.at(search.largest())));
        return new Answer(section, method, search, loss, section.measures().get(0));
    }

    private static Verdict verdict(MaxLoss maxLoss, Metrics dense, Cell cell) {
        return maxLoss.verdict(dense, metrics(cell), cell.failed(), cell.pending());
    }

    private static List<Metrics> metrics(Cell cell) {
        return cell.done().stream()
                .map(ResultRow::metrics)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The cell of the largest ratio. */
    Cell cell() {
        return search.largest().signum() == 0 ? section.dense() : method.at(search.largest());
    }

    /** The largest ratio in per cent, with a mark for what is to be known of it. */
    String ratio() {
        String mark = switch (search.state()) {
            case DECIDED -> search.monotone() ? "" : MaxLossTable.NOT_MONOTONE;
            case OPEN -> MaxLossTable.OPEN;
            case FAILED -> MaxLossTable.FAILED;
        };
        return search.largest()
                        .multiply(BigDecimal.valueOf(100))
                        .stripTrailingZeros()
                        .toPlainString() + " %" + mark;
    }

    boolean decided() {
        return search.state() == RatioSearch.State.DECIDED;
    }
}
