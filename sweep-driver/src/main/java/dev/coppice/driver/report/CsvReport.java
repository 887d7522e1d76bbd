package dev.coppice.driver.report;

import dev.coppice.results.ResultRow;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One line a job, as RFC 4180 has it; columns are called as in the result files. What does not apply is empty. */
final class CsvReport {

    private CsvReport() {}

    static void write(ResultTable table, Appendable out) throws IOException {
        out.append(JobColumns.ALL.stream().map(Map.Entry::getKey).collect(Collectors.joining(",")));
        for (Measure measure : Measure.values()) {
            out.append(',').append(measure.column()).append("_p");
        }
        out.append(",method_params\n");
        for (ResultRow row : table.rows()) {
            out.append(JobColumns.ALL.stream()
                    .map(column -> quote(column.getValue().apply(row)))
                    .collect(Collectors.joining(",")));
            for (Measure measure : Measure.values()) {
                out.append(',').append(quote(table.pValue(row, measure)));
            }
            out.append(',').append(quote(params(table, row))).append('\n');
        }
    }

    /** What tells the job from others of its method: key=value, apart by spaces. */
    private static String params(ResultTable table, ResultRow row) {
        return table.methodParams().getOrDefault(row.jobId(), Collections.emptySortedMap()).entrySet().stream()
                .map(param -> param.getKey() + "=" + param.getValue())
                .collect(Collectors.joining(" "));
    }

    private static String quote(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        String text = value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(" "))
                : value.toString();
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
