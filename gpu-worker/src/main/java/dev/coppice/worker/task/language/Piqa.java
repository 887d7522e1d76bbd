package dev.coppice.worker.task.language;

import dev.coppice.worker.task.TaskEntry;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.task.data.NamedFiles;
import dev.coppice.worker.task.data.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** PIQA (Bisk et al. 2020): which of two ways reaches a goal. Its own files have the labels apart, the hub's have them in the rows. */
public final class Piqa {

    private static final String LABEL = "label";
    private static final String LABELS_ENDING = "-labels.lst";
    private static final NamedFiles TABLES = Definitions.tables(
            List.of("piqa_validation", "valid"), "validation", List.of("piqa", "plain_text", "data"));

    /** The task. */
    public static final TaskEntry ENTRY = new RequestEntry(
            Definitions.zeroShot(
                    "piqa",
                    "validation",
                    "a table with goal, sol1, sol2 and label, or without label and a *-labels.lst beside it",
                    TABLES),
            Measure.CHOICES,
            Piqa::files,
            Piqa::reader);

    private Piqa() {}

    /** The table, and the file of labels where there is one. */
    private static List<DataFile> files(DataPath path) {
        List<DataFile> tables = TABLES.in(path);
        List<DataFile> files = new ArrayList<>(tables);
        files.addAll(tables.get(0).folder().files(isLabelsOf(tables.get(0))));
        return files;
    }

    private static Predicate<DataFile> isLabelsOf(DataFile table) {
        String plain = table.plainName();
        int dot = plain.lastIndexOf('.');
        return file -> file.plainName().equals(plain.substring(0, Math.max(0, dot)) + LABELS_ENDING);
    }

    private static DocumentReader reader(List<DataFile> files) {
        DataFile last = files.get(files.size() - 1);
        return last.plainName().endsWith(LABELS_ENDING)
                ? new LabelledDocuments(files.subList(0, files.size() - 1), last, Piqa::document)
                : new RowDocuments(files, row -> document(row, row.below(2, LABEL)));
    }

    private static TextDocument document(Row row, int label) {
        return Choices.of(
                row.place(),
                "Question: " + row.text("goal") + "\nAnswer:",
                List.of(row.text("sol1"), row.text("sol2")),
                label);
    }
}
