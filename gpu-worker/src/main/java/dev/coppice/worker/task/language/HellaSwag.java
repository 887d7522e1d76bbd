package dev.coppice.worker.task.language;

import dev.coppice.worker.task.TaskEntry;
import dev.coppice.worker.task.data.NamedFiles;
import dev.coppice.worker.task.data.Row;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** HellaSwag (Zellers et al. 2019): which of four sentences goes on with a description. */
public final class HellaSwag {

    private static final NamedFiles FILES = Definitions.tables(
            List.of("hellaswag_validation", "hellaswag_val"), "validation", List.of("data", "default"));

    /** The task. */
    public static final TaskEntry ENTRY = RequestEntry.ofRows(
            Definitions.zeroShot(
                    "hellaswag",
                    "validation",
                    "a table with activity_label, ctx_a, ctx_b, endings and label, or with query, choices and gold",
                    FILES),
            FILES,
            HellaSwag::document);

    /** Marks such as [header], which WikiHow's texts have. */
    private static final Pattern BRACKETED = Pattern.compile("\\[.*?\\]", Pattern.UNIX_LINES);

    private HellaSwag() {}

    private static TextDocument document(Row row) {
        if (row.has("query")) {
            return Choices.prepared(row, "");
        }
        String context = row.anyText("ctx_a") + " " + capitalised(row.anyText("ctx_b"));
        List<String> endings =
                row.texts("endings").stream().map(HellaSwag::cleaned).toList();
        return Choices.of(
                row.place(),
                cleaned(row.text("activity_label") + ": " + context),
                endings,
                row.below(endings.size(), "label"));
    }

    /** The harness's preprocess, in its order. */
    private static String cleaned(String text) {
        String titled = WhiteSpace.strip(text).replace(" [title]", ". ");
        return BRACKETED.matcher(titled).replaceAll("").replace("  ", " ");
    }

    /** Python's str.capitalize: the first letter large, all others small. */
    private static String capitalised(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int second = text.offsetByCodePoints(0, 1);
        int first = Character.toTitleCase(text.codePointAt(0));
        return Character.toString(first) + text.substring(second).toLowerCase(Locale.ROOT);
    }
}
