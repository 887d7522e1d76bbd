package dev.coppice.worker.task.language;

import dev.coppice.worker.task.TaskEntry;
import dev.coppice.worker.task.data.NamedFiles;
import dev.coppice.worker.task.data.Row;
import java.util.List;

/** LAMBADA (Paperno et al. 2016) in OpenAI's form: the last word of a passage. */
public final class Lambada {

    private static final NamedFiles FILES =
            Definitions.tables(List.of("lambada_openai_test", "lambada_test"), "test", List.of("default", "data"));

    /** The task. */
    public static final TaskEntry ENTRY = new RequestEntry(
            Definitions.zeroShot("lambada_openai", "test", "a table with the column text", FILES),
            Measure.LAST_WORDS,
            FILES::in,
            files -> new RowDocuments(files, Lambada::document));

    private Lambada() {}

    /** The last word is what follows the last space, whatever it is. */
    private static TextDocument document(Row row) {
        String text = row.text("text");
        int space = text.lastIndexOf(' ');
        String context = space < 0 ? "" : text.substring(0, space);
        return new TextDocument(
                row.place(),
                List.of(new TextRequest(context, " " + text.substring(space + 1))),
                new Judgement.Greedy());
    }
}
