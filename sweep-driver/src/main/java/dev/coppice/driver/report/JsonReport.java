package dev.coppice.driver.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.results.Granularity;
import dev.coppice.results.ResultRow;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tables as JSON: counts, sections with their lines and cells, and failures. Accuracies are fractions, their deltas points. */
final class JsonReport {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private JsonReport() {}

    static void write(ResultTable table, @Nullable MaxLossTable answers, Appendable out) throws IOException {
        ObjectNode tree = tree(table);
        if (answers != null) {
            answers.json(tree.putObject("max_loss"));
        }
        out.append(JSON.writeValueAsString(tree)).append('\n');
    }

    /** The report as a tree; the page's charts are drawn from it, too. */
    static ObjectNode tree(ResultTable table) {
        ObjectNode root = JSON.createObjectNode();
        root.put("sweep", table.sweep());
        root.put("done", table.done());
        root.put("failed", table.failures().size());
        root.put("pending", table.pending());
        ArrayNode sections = root.putArray("sections");
        table.sections().forEach(section -> section(section, sections.addObject()));
        ArrayNode failures = root.putArray("failures");
        table.failures().forEach(row -> failure(row, failures.addObject()));
        return root;
    }

    private static void section(Section section, ObjectNode node) {
        node.put("model", section.at().model());
        node.put("architecture", section.at().architecture());
        node.put("task", section.at().task());
        node.put("task_version", section.at().taskVersion());
        node.put("protocol", section.at().protocol());
        node.put("split", section.at().split());
        node.put("precision", section.at().precision());
        node.put("variant", section.variant());
        node.put("examples", section.examples());
        ArrayNode measures = node.putArray("measures");
        section.measures().forEach(measure -> measures.add(measure.column()));
        cell(section, section.dense(), node.putObject("dense"));
        ArrayNode ratios = node.putArray("ratios");
        section.ratios().forEach(ratios::add);
        ArrayNode methods = node.putArray("methods");
        section.methods().forEach(method -> method(section, method, methods.addObject()));
    }

    private static void method(Section section, MethodLine method, ObjectNode node) {
        Granularity granularity = method.granularity();
        node.put("name", method.name());
        node.put("granularity", granularity == null ? null : granularity.label());
        ArrayNode cells = node.putArray("cells");
        method.cells().forEach((ratio, cell) -> {
            ObjectNode target = cells.addObject();
            target.put("ratio", ratio);
            cell(section, cell, target);
            for (Measure measure : section.measures()) {
                target.put(measure.column() + "_delta", section.delta(cell, measure));
                target.put(measure.column() + "_p", section.pValues().of(cell, measure));
            }
        });
    }

    private static void cell(Section section, Cell cell, ObjectNode node) {
        node.put("done", cell.done().size());
        node.put("failed", cell.failed());
        node.put("pending", cell.pending());
        for (Measure measure : section.measures()) {
            node.put(measure.column(), cell.mean(measure));
            node.put(measure.column() + "_std", cell.deviation(measure));
        }
        ArrayNode kept = node.putArray("kept_per_layer");
        cell.keptPerLayer().forEach(kept::add);
    }

    private static void failure(ResultRow row, ObjectNode node) {
        var failure = Objects.requireNonNull(row.failure());
        node.put("job_id", row.jobId().hex());
        node.put("job", Summary.job(row));
        node.put("attempt", row.attempt());
        node.put("kind", failure.kind().name());
        node.put("message", failure.message());
    }
}
