package dev.coppice.worker.task.language;

import dev.coppice.worker.task.TaskEntry;
import dev.coppice.worker.task.data.NamedFiles;
import dev.coppice.worker.task.data.Row;
import java.util.List;

/** OpenBookQA (Mihaylov et al. 2018): elementary science, four answers. */
public final class OpenBookQa {

    private static final NamedFiles FILES = Definitions.tables(List.of("openbookqa_test"), "test", List.of("main"));

    /** The task. */
    public static final TaskEntry ENTRY = RequestEntry.ofRows(
            Definitions.zeroShot(
                    "openbookqa",
                    "test",
                    "a table with question_stem, choices (text, label) and answerKey, or with query, choices and gold",
                    FILES),
            FILES,
            OpenBookQa::document);

    private OpenBookQa() {}

    private static TextDocument document(Row row) {
        return row.has("query") ? Choices.prepared(row, "") : Choices.keyed(row, row.text("question_stem"));
    }
}
