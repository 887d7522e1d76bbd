package dev.coppice.results.store;

import com.jerolba.carpet.annotation.NotNull;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page of the documentation that lists the columns of the result files, made from the records that write them. */
public final class ColumnReference {

    private static final Map<Class<?>, String> TYPES = Map.of(
            String.class, "string",
            Instant.class, "timestamp",
            Double.class, "double",
            double.class, "double",
            Long.class, "bigint",
            int.class, "int",
            Integer.class, "int",
            Boolean.class, "boolean");

    private ColumnReference() {}

    /** The page, as Markdown. */
    public static String markdown() {
        StringBuilder page = new StringBuilder("# Columns of the result files\n\n"
                + "Generated from the code; a test compares. Null means \"does not apply\", never 0.\n\n"
                + "## Rows: `SWEEP/rows` and `SWEEP/compacted`\n\n");
        table(RowColumns.class, "", page);
        page.append("\n## Plans: `SWEEP/plan`\n\n");
        table(PlanColumns.class, "", page);
        page.append(
                "\n## Samples: `SWEEP/samples`\n\n"
                        + "One row an example, written with `worker.samples = true`; joins with the rows by `job_id` and `attempt`.\n\n");
        table(SampleColumns.class, "", page);
        return page.toString();
    }

    private static void table(Class<?> record, String prefix, StringBuilder page) {
        if (prefix.isEmpty()) {
            page.append("| column | type | null | meaning |\n|---|---|---|---|\n");
        }
        for (RecordComponent column : record.getRecordComponents()) {
            String name = prefix + snakeCase(column.getName());
            boolean required = column.isAnnotationPresent(NotNull.class)
                    || column.getType().isPrimitive();
            page.append("| `").append(name).append("` | ").append(type(column)).append(" | ");
            page.append(required ? "no" : "yes").append(" | ");
            page.append(column.getAnnotation(Meaning.class).value()).append(" |\n");
            if (column.getType().isRecord()) {
                table(column.getType(), name + ".", page);
            }
        }
    }

    private static String type(RecordComponent column) {
        if (column.getType().isRecord()) {
            return "struct";
        }
        if (column.getType() == Map.class) {
            return column.getGenericType().getTypeName().contains("Double")
                    ? "map of string to double"
                    : "map of string to string";
        }
        if (column.getType() == List.class) {
            return column.getGenericType().getTypeName().contains("Double") ? "array of double" : "array of int";
        }
        return TYPES.getOrDefault(column.getType(), column.getType().getSimpleName());
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
