package dev.coppice.driver.report;

import dev.coppice.results.Granularity;
import dev.coppice.results.Provenance;
import dev.coppice.results.ResultRow;
import dev.coppice.results.store.UnreadableFile;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parts of the page that are no charts. */
final class HtmlTables {

    private HtmlTables() {}

    static String sections(ResultTable table) {
        StringBuilder html = new StringBuilder();
        for (int i = 0; i < table.sections().size(); i++) {
            section(table.sections().get(i), i, html);
        }
        return html.toString();
    }

    private static void section(Section section, int number, StringBuilder html) {
        html.append("<section>\n<h2>").append(Html.escape(section.title())).append("</h2>\n");
        html.append("<p class=\"how\">").append(Html.escape(section.subtitle())).append("</p>\n");
        if (section.methods().isEmpty()) {
            for (Measure measure : section.measures()) {
                html.append("<p>").append(Html.sentence(measure.inWords())).append(", dense: ");
                html.append(Numbers.figure(section.dense(), measure)).append("</p>\n");
            }
            html.append("</section>\n");
            return;
        }
        html.append("<div class=\"charts\">\n");
        for (Measure measure : section.measures()) {
            html.append("<figure><figcaption>")
                    .append(Html.sentence(measure.column().replace('_', ' ')));
            html.append(" over pruning ratio</figcaption><div class=\"plot\"><canvas data-curves=\"" + number);
            html.append("\" data-measure=\"").append(measure.column()).append("\"></canvas></div></figure>\n");
        }
        section.granularities().forEach(granularity -> kept(granularity, number, html));
        html.append("</div>\n");
        section.measures().forEach(measure -> table(section, measure, html));
        html.append("</section>\n");
    }

    /** Where the chart of what layers keep goes: one for each granularity, as a layer has thousands of weights and tens of states. */
    private static void kept(Granularity granularity, int section, StringBuilder html) {
        html.append("<figure><figcaption>")
                .append(Html.sentence(granularity.units()))
                .append(" kept per layer at ratio <span class=\"ratios\"></span></figcaption><div class=\"plot\">")
                .append("<canvas data-kept=\"" + section)
                .append("\" data-granularity=\"" + granularity.label())
                .append("\" data-units=\"" + granularity.units())
                .append("\"></canvas></div></figure>\n");
    }

    private static void table(Section section, Measure measure, StringBuilder html) {
        List<BigDecimal> ratios = section.ratios();
        html.append("<div class=\"wide\"><table class=\"numbers\"><caption>")
                .append(Html.sentence(measure.inWords()))
                .append(", below it the difference to dense (")
                .append(Numbers.figure(section.dense(), measure))
                .append(")" + measure.differenceUnit() + "</caption>\n<thead><tr><th scope=\"col\">method</th>");
        ratios.forEach(ratio ->
                html.append("<th scope=\"col\">").append(ratio.toPlainString()).append("</th>"));
        html.append("</tr></thead>\n<tbody>\n");
        for (MethodLine method : section.methods()) {
            html.append("<tr><th scope=\"row\">").append(Html.escape(method.name()));
            if (method.seeds() > 1) {
                html.append("<small>mean \u00b1 std of ").append(method.seeds()).append(" seeds</small>");
            }
            html.append("</th>");
            ratios.forEach(ratio -> cell(section, method.at(ratio), measure, html));
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>\n");
    }

    private static void cell(Section section, Cell cell, Measure measure, StringBuilder html) {
        Double deviation = cell.deviation(measure);
        @Nullable Double delta = section.delta(cell, measure);
        html.append(cell.state() == CellState.FAILED ? "<td class=\"failed\">" : "<td>")
                .append(Numbers.figure(cell, measure).replace(Numbers.MISSING, "\u2013"));
        if (deviation != null) {
            html.append("<small>\u00b1")
                    .append(Numbers.figure(deviation, measure))
                    .append("</small>");
        }
        if (delta != null) {
            html.append("<small>")
                    .append(Numbers.difference(delta).replace('-', '\u2212'))
                    .append("</small>");
        }
        Double p = section.pValues().of(cell, measure);
        if (p != null) {
            html.append("<small>p ").append(Html.escape(Numbers.p(p))).append("</small>");
        }
        html.append("</td>");
    }

    static String failures(ResultTable table) {
        StringBuilder html = new StringBuilder();
        if (Summary.hasTests(table)) {
            html.append("<p class=\"how\">").append(Html.escape(Summary.TESTS)).append(".</p>\n");
        }
        if (!table.failures().isEmpty()) {
            html.append("<section><h2>Failed jobs</h2><p class=\"how\">").append(Summary.failureKinds(table));
            html.append(table.hasPartialCells() ? "; a star marks cells of which some seeds failed" : "");
            html.append("</p><ul class=\"failures\">\n");
            for (ResultRow row : table.failures()) {
                html.append("<li><b>").append(Html.escape(Summary.job(row))).append("</b> <code>");
                html.append(row.jobId().abbreviated()).append("</code><br>");
                html.append(Html.escape(Summary.failure(row))).append("</li>\n");
            }
            html.append("</ul></section>\n");
        }
        if (!table.unreadable().isEmpty()) {
            html.append("<section><h2>Unreadable files</h2><ul class=\"failures\">\n");
            for (UnreadableFile file : table.unreadable()) {
                html.append("<li><code>").append(Html.escape(file.path())).append("</code><br>");
                html.append(Html.escape(file.reason())).append("</li>\n");
            }
            html.append("</ul></section>\n");
        }
        return html.toString();
    }

    static String provenance(ResultTable table) {
        StringBuilder html = new StringBuilder("<dl>\n");
        Map<String, Function<Provenance, @Nullable Object>> facts = new LinkedHashMap<>();
        facts.put("Coppice", Provenance::version);
        facts.put("commit", Provenance::gitCommit);
        facts.put("backend", Provenance::backend);
        facts.put("libraries", HtmlTables::libraries);
        facts.put("Java", Provenance::java);
        facts.put("system", Provenance::os);
        facts.put("processor", Provenance::cpu);
        facts.put("device driver", Provenance::driver);
        facts.put("machines", Provenance::host);
        facts.put("models", Provenance::modelSha256);
        facts.put("data", Provenance::dataSha256);
        facts.forEach((name, fact) -> {
            Set<String> values = new TreeSet<>();
            for (ResultRow row : table.rows()) {
                Object value = fact.apply(row.provenance());
                if (value != null) {
                    values.add(value.toString());
                }
            }
            if (!values.isEmpty()) {
                html.append("<dt>").append(name).append("</dt><dd>");
                html.append(Html.escape(String.join("\n", values)).replace("\n", "<br>"))
                        .append("</dd>\n");
            }
        });
        return html.append("</dl>\n").toString();
    }

    private static String libraries(Provenance provenance) {
        return provenance.libraries().entrySet().stream()
                .map(library -> library.getKey() + " " + library.getValue())
                .collect(Collectors.joining(", "));
    }
}
