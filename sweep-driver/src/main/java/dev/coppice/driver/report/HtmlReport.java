package dev.coppice.driver.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One page with everything in it: styles, data, and Chart.js, so that it opens anywhere and needs no network. */
final class HtmlReport {

    private static final String CHART_JS = "/META-INF/resources/webjars/chart.js/4.4.9/dist/chart.umd.js";
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    private HtmlReport() {}

    static void write(ResultTable table, @Nullable MaxLossTable answers, Appendable out) throws IOException {
        Map<String, String> parts = Map.of(
                "sweep", Html.escape(table.sweep()),
                "counts", Html.escape(Summary.counts(table)),
                "style", resource("report.css"),
                "sections", (answers == null ? "" : answers.html()) + HtmlTables.sections(table),
                "failures", HtmlTables.failures(table),
                "provenance", HtmlTables.provenance(table),
                "data", Html.escapeJson(JsonReport.tree(table).toString()),
                "library", resource(CHART_JS).replace("//# sourceMappingURL=chart.umd.js.map", ""),
                "script", resource("report.js"));
        // One pass, so that what is filled in is never looked at for places again.
        Matcher place = PLACE.matcher(resource("report.html"));
        StringBuilder page = new StringBuilder();
        while (place.find()) {
            place.appendReplacement(page, Matcher.quoteReplacement(parts.getOrDefault(place.group(1), "")));
        }
        out.append(place.appendTail(page));
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = HtmlReport.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IOException("the class path lacks " + name + ", a part of the driver's jar. Build it again");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
