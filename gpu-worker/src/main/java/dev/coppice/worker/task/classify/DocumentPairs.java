package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.DocumentPair;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Text;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.task.data.QuotedFields;
import java.util.List;

/**
 * Document retrieval of Long Range Arena: two papers of the ACL Anthology Network (Radev et al. 2013); class 1 when they
 * are linked by a citation.
 */
public final class DocumentPairs {

    private static final int CLASSES = 2;
    private static final int FIELDS = 5;

    /** The task. */
    public static final TaskDefinition DEFINITION = new TaskDefinition(
            "retrieval",
            "1",
            "accuracy",
            "test",
            new InputSpec(InputKind.TEXT, 0, 0, false, true, CLASSES),
            "a TSV file without a header: label, id, id, text, text (Long Range Arena's new_aan_pairs)",
            "the file, or the one *test*.tsv in the folder; plain, .gz, .xz or .bz2");

    private DocumentPairs() {}

    /** The pairs at {@code path}. */
    public static ExampleSource find(DataPath path) {
        return new RowFile(DEFINITION.inputs(), RowFile.find(path), 0, DocumentPairs::row);
    }

    private static LabelledExample row(int index, String row, String place) {
        List<String> fields = QuotedFields.split(row, place);
        if (fields.size() != FIELDS) {
            throw DataErrors.at(
                    place,
                    fields.size() + " fields",
                    "label, id, id, text and text, separated by tabs",
                    "mend the line, or fetch new_aan_pairs.test.tsv again");
        }
        // The published file writes labels as 0.0 and 1.0.
        String label = fields.get(0).replaceFirst("\\.0$", "");
        return new LabelledExample(
                index,
                new DocumentPair(new Text(fields.get(3)), new Text(fields.get(4))),
                Labels.parsed(label, CLASSES, place));
    }
}
