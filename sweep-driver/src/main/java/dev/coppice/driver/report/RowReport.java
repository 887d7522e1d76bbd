package dev.coppice.driver.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.coppice.results.Metrics;
import dev.coppice.results.ResultRow;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One job's row, whole. */
public final class RowReport {

    private static final MathContext SIX_DIGITS = new MathContext(6);

    private RowReport() {}

    /** A line for each column that applies, figures to six digits. */
    public static void text(ResultRow row, Appendable out) throws IOException {
        Map<String, Object> columns = columns(row);
        int width = columns.keySet().stream().mapToInt(String::length).max().orElse(0);
        for (Map.Entry<String, Object> column : columns.entrySet()) {
            String name = column.getKey();
            out.append(name).append(" ".repeat(width + 2 - name.length())).append(text(column.getValue()));
            out.append('\n');
        }
    }

    /** An object with every column that applies, figures as they are stored. */
    public static void json(ResultRow row, Appendable out) throws IOException {
        Map<String, Object> columns = columns(row);
        columns.replaceAll((name, value) -> value instanceof Instant ? value.toString() : value);
        out.append(JsonMapper.builder()
                        .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
                        .build()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(columns))
                .append('\n');
    }

    private static Map<String, Object> columns(ResultRow row) {
        Map<String, Object> columns = new LinkedHashMap<>();
        JobColumns.ALL.forEach(
                column -> put(columns, column.getKey(), column.getValue().apply(row)));
        Metrics metrics = row.metrics();
        SortedMap<String, Double> extra = metrics == null ? new TreeMap<>() : new TreeMap<>(metrics.extra());
        extra.forEach((name, value) -> put(columns, "extra." + name, value));
        return columns;
    }

    private static void put(Map<String, Object> columns, String name, @Nullable Object value) {
        if (value instanceof Enum<?> constant) {
            columns.put(name, constant.name());
        } else if (value instanceof Number || value instanceof List<?> || value instanceof Instant) {
            columns.put(name, value);
        } else if (value != null) {
            columns.put(name, value.toString());
        }
    }

    private static String text(Object value) {
        if (value instanceof Double number && Double.isFinite(number)) {
            return new BigDecimal(number, SIX_DIGITS).stripTrailingZeros().toPlainString();
        }
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(" "))
                : value.toString();
    }
}
