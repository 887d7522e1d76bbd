package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Text;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataPath;

/** Movie reviews of IMDB (Maas et al. 2011), character by character: class 0 negative, 1 positive. */
public final class Reviews {

    static final int NEGATIVE = 0;
    static final int POSITIVE = 1;
    private static final int FIELDS = 4;

    /** The task. */
    public static final TaskDefinition DEFINITION = new TaskDefinition(
            "text",
            "1",
            "accuracy",
            "test",
            new InputSpec(InputKind.TEXT, 0, 0, false, false, 2),
            "aclImdb's folders of a file a review, or a TSV file: pos or neg, id, rating, text",
            "test/pos/*.txt and test/neg/*.txt; or the file, or the one *test*.tsv in the folder, plain, .gz, .xz or"
                    + " .bz2");

    private Reviews() {}

    /** The reviews at {@code path}. */
    public static ExampleSource find(DataPath path) {
        for (DataPath folder : new DataPath[] {path.child("test"), path}) {
            if (folder.child("pos").isFolder() && folder.child("neg").isFolder()) {
                return ReviewFolders.find(folder);
            }
        }
        return new RowFile(DEFINITION.inputs(), RowFile.find(path), 0, Reviews::row);
    }

    /** Everything after the third tab is the text, tabs included. */
    private static LabelledExample row(int index, String row, String place) {
        String[] fields = row.split("\t", FIELDS);
        if (fields.length != FIELDS) {
            throw DataErrors.at(
                    place, fields.length + " fields", "label, id, rating and text, separated by tabs", "mend the line");
        }
        int label = switch (fields[0]) {
            case "neg" -> NEGATIVE;
            case "pos" -> POSITIVE;
            default ->
                throw DataErrors.at(place, "the label " + DataErrors.quoted(fields[0]), "pos or neg", "mend the line");
        };
        return new LabelledExample(index, new Text(fields[3]), label);
    }
}
