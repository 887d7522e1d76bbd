package dev.coppice.worker.task.language;

import dev.coppice.worker.task.TaskEntry;
import dev.coppice.worker.task.data.NamedFiles;
import dev.coppice.worker.task.data.Row;
import java.util.List;

/** ARC (Clark et al. 2018): questions of science exams, with three to five answers. */
public final class Arc {

    private static final String ANSWER = "\nAnswer:";

    /** The easy set. */
    public static final TaskEntry EASY = entry("arc_easy", "ARC-Easy");

    /** The set that retrieval and word statistics get wrong. */
    public static final TaskEntry CHALLENGE = entry("arc_challenge", "ARC-Challenge");

    private Arc() {}

    private static TaskEntry entry(String name, String folder) {
        NamedFiles files = Definitions.tables(List.of(name + "_test"), "test", List.of(folder));
        return RequestEntry.ofRows(
                Definitions.zeroShot(
                        name,
                        "test",
                        "a table with question, choices (text, label) and answerKey, or with query, choices and gold",
                        files),
                files,
                Arc::document);
    }

    private static TextDocument document(Row row) {
        return row.has("query")
                ? Choices.prepared(row, ANSWER)
                : Choices.keyed(row, "Question: " + row.text("question") + ANSWER);
    }
}
