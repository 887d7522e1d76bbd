package dev.coppice.worker.task.language;

import dev.coppice.worker.task.data.Row;
import java.util.List;

/** Documents of one question and several answers. */
final class Choices {

    private static final String DELIMITER = " ";

    private Choices() {}

    /** Each choice after a space behind the same context; normalised by the choices' lengths in code points. */
    static TextDocument of(String place, String context, List<String> choices, int gold) {
        List<TextRequest> requests = choices.stream()
                .map(choice -> new TextRequest(context, DELIMITER + choice))
                .toList();
        List<Integer> lengths = choices.stream()
                .map(choice -> choice.codePointCount(0, choice.length()))
                .toList();
        return new TextDocument(place, requests, new Judgement.MultipleChoice(gold, lengths));
    }

    /** A row that was prepared: query, choices, and gold, the right one's number. */
    static TextDocument prepared(Row row, String contextEnd) {
        List<String> choices = row.texts("choices");
        return of(row.place(), row.text("query") + contextEnd, choices, row.below(choices.size(), "gold"));
    }

    /** A row of the hub's layout: choices.text, choices.label, and answerKey, the label of the right one. */
    static TextDocument keyed(Row row, String context) {
        List<String> choices = row.texts("choices.text");
        List<String> labels = row.texts("choices.label");
        int gold = labels.indexOf(row.text("answerKey").strip());
        if (gold < 0 || labels.size() != choices.size()) {
            throw row.wrong(
                    "answerKey",
                    "one of the choices' labels " + String.join(", ", labels) + ", one for each of " + choices.size()
                            + " choices");
        }
        return of(row.place(), context, choices, gold);
    }

    /** The same choice after each of several contexts, not normalised. */
    static TextDocument ofContexts(String place, List<String> contexts, String continuation, int gold) {
        List<TextRequest> requests = contexts.stream()
                .map(context -> new TextRequest(context, DELIMITER + continuation))
                .toList();
        return new TextDocument(place, requests, new Judgement.MultipleChoice(gold, List.of()));
    }
}
