package dev.coppice.worker.task.language;

import dev.coppice.worker.task.TaskEntry;
import dev.coppice.worker.task.data.NamedFiles;
import dev.coppice.worker.task.data.Row;
import java.util.List;

/** WinoGrande (Sakaguchi et al. 2019): which of two names a blank stands for, by how likely the rest of the sentence is. */
public final class Winogrande {

    private static final NamedFiles FILES = Definitions.tables(
            List.of("winogrande_dev", "winogrande_validation", "dev"), "validation", List.of("winogrande_xl"));

    /** The task. */
    public static final TaskEntry ENTRY = RequestEntry.ofRows(
            Definitions.zeroShot(
                    "winogrande",
                    "validation",
                    "a table with sentence, option1, option2 and answer, or with context_options, continuation and gold",
                    FILES),
            FILES,
            Winogrande::document);

    private Winogrande() {}

    private static TextDocument document(Row row) {
        if (row.has("context_options")) {
            List<String> contexts = row.texts("context_options");
            return Choices.ofContexts(
                    row.place(), contexts, row.text("continuation"), row.below(contexts.size(), "gold"));
        }
        String sentence = row.text("sentence");
        int blank = sentence.indexOf('_');
        if (blank < 0) {
            throw row.wrong("sentence", "a blank, written _");
        }
        String before = sentence.substring(0, blank);
        int answer = row.below(3, "answer");
        if (answer == 0) {
            throw row.wrong("answer", "1 or 2");
        }
        return Choices.ofContexts(
                row.place(),
                List.of(before + row.text("option1"), before + row.text("option2")),
                WhiteSpace.strip(sentence.substring(blank + 1)),
                answer - 1);
    }
}
