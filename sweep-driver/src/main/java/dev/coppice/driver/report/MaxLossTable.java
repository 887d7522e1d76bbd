package dev.coppice.driver.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.driver.search.MaxLoss;
import dev.coppice.driver.search.Search;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * For each model, task and method the largest ratio within a loss, laid out as LAST's tables: the whole model, the ratio, the
 * pruned model, the loss; and the means over all of them, tasks that nothing could be pruned on included.
 *
 * @param maxLoss what was looked for
 * @param answers in the plan's order
 */
record MaxLossTable(MaxLoss maxLoss, List<Answer> answers) {

    static final String OPEN = "?";
    static final String FAILED = "!";
    static final String NOT_MONOTONE = "~";

    private static final List<String> COLUMNS = List.of("model on task", "method", "whole", "ratio", "pruned", "loss");

    private static final int TEXT_COLUMNS = 2;

    MaxLossTable {
        answers = List.copyOf(answers);
    }

    static MaxLossTable of(ResultTable table, Search search) {
        List<Answer> answers = new ArrayList<>();
        for (Section section : table.sections()) {
            section.methods().forEach(method -> answers.add(Answer.of(section, method, search)));
        }
        return new MaxLossTable(search.maxLoss(), answers);
    }

    /** Mean ratio and loss of a method's decided answers. */
    private record Mean(String method, int answers, double ratio, double loss) {

        static Mean of(String method, List<Answer> answers) {
            return new Mean(
                    method,
                    answers.size(),
                    answers.stream()
                            .mapToDouble(answer -> answer.search().largest().doubleValue())
                            .average()
                            .orElse(0),
                    answers.stream()
                            .mapToDouble(answer -> Objects.requireNonNullElse(answer.loss(), 0.0))
                            .average()
                            .orElse(0));
        }

        /** Points of accuracy and per cent of perplexity are never averaged together, nor are kinds of ratios. */
        static Map<String, List<Answer>> groups(List<Answer> answers) {
            return answers.stream()
                    .filter(Answer::decided)
                    .collect(Collectors.groupingBy(
                            answer -> answer.method().name() + ", "
                                    + answer.measure().column().replace('_', ' '),
                            LinkedHashMap::new,
                            Collectors.toList()));
        }

        String text() {
            return String.format(
                    Locale.ROOT, "mean of %s over %d: ratio %.2f %%, loss %.2f", method, answers, 100 * ratio, loss);
        }
    }

    private List<Mean> means() {
        List<Mean> means = new ArrayList<>();
        Mean.groups(answers).forEach((method, group) -> means.add(Mean.of(method, group)));
        return means;
    }

    private List<String> cells(Answer answer) {
        return List.of(
                answer.section().title(),
                answer.method().name(),
                Numbers.figure(answer.section().dense(), answer.measure()),
                answer.ratio(),
                Numbers.figure(answer.cell(), answer.measure()),
                answer.loss() == null ? Numbers.MISSING : String.format(Locale.ROOT, "%.2f", answer.loss()));
    }

    private String title() {
        return "Largest ratio that loses less than " + maxLoss.points().toPlainString()
                + " points of accuracy, or per cent of perplexity";
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        notes.add("Found by bisection over " + maxLoss.grid().size()
                + " ratios, which takes for granted that a larger ratio loses more: the next ratio above each was measured to"
                + " lose more, those above that may not have been measured");
        if (answers.stream()
                .anyMatch(answer -> answer.decided() && !answer.search().monotone())) {
            notes.add(NOT_MONOTONE + " a smaller ratio was measured to lose more");
        }
        if (answers.stream().anyMatch(answer -> answer.ratio().endsWith(OPEN))) {
            notes.add(OPEN + " not decided yet: run the sweep again");
        }
        if (answers.stream().anyMatch(answer -> answer.ratio().endsWith(FAILED))) {
            notes.add(FAILED + " a job that would decide has failed");
        }
        return notes;
    }

    private TextTable table() {
        return TextTable.of(COLUMNS, answers.stream().map(this::cells).toList(), column -> column < TEXT_COLUMNS);
    }

    void text(Appendable out) throws IOException {
        out.append('\n').append(title()).append('\n');
        table().text(out);
        for (Mean mean : means()) {
            out.append(mean.text()).append('\n');
        }
        for (String note : notes()) {
            out.append(note).append('\n');
        }
    }

    void markdown(Appendable out) throws IOException {
        out.append("\n## ").append(title()).append("\n\n");
        table().markdown(out);
        out.append('\n');
        for (Mean mean : means()) {
            out.append("- ").append(MarkdownReport.escape(mean.text())).append('\n');
        }
        for (String note : notes()) {
            out.append("- ").append(MarkdownReport.escape(note)).append('\n');
        }
    }

    String html() {
        StringBuilder html = new StringBuilder("<section>\n<h2>" + Html.escape(title()) + "</h2>\n");
        html.append("<div class=\"wide\"><table class=\"numbers\">\n<thead><tr>");
        COLUMNS.forEach(
                column -> html.append("<th scope=\"col\">").append(column).append("</th>"));
        html.append("</tr></thead>\n<tbody>\n");
        for (Answer answer : answers) {
            html.append("<tr>");
            cells(answer)
                    .forEach(cell ->
                            html.append("<td>").append(Html.escape(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>\n");
        means().forEach(mean -> html.append("<p>")
                .append(Html.escape(Html.sentence(mean.text())))
                .append("</p>\n"));
        notes().forEach(note ->
                html.append("<p class=\"how\">").append(Html.escape(note)).append("</p>\n"));
        return html.append("</section>\n").toString();
    }

    void json(ObjectNode node) {
        node.put("points", maxLoss.points());
        ArrayNode grid = node.putArray("grid");
        maxLoss.grid().forEach(grid::add);
        ArrayNode array = node.putArray("answers");
        for (Answer answer : answers) {
            ObjectNode line = array.addObject();
            line.put("model", answer.section().at().model());
            line.put("task", answer.section().at().task());
            line.put("variant", answer.section().variant());
            line.put("method", answer.method().name());
            line.put("measure", answer.measure().column());
            line.put("dense", answer.section().dense().mean(answer.measure()));
            line.put("ratio", answer.search().largest());
            line.put("pruned", answer.cell().mean(answer.measure()));
            line.put("loss", answer.loss());
            line.put("state", answer.search().state().name());
            line.put("monotone", answer.search().monotone());
        }
    }
}
