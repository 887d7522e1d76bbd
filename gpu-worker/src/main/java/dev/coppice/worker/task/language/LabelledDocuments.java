package dev.coppice.worker.task.language;

import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.LineReader;
import dev.coppice.worker.task.data.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents of tables whose labels, 0 or 1, lie in a file of their own, one a line. */
final class LabelledDocuments implements DocumentReader {

    private final LineReader labels;
    private final RowDocuments documents;

    /** How a row and its label make a document. */
    @FunctionalInterface
    interface Format {
        TextDocument document(Row row, int label);
    }

    /** Opens the tables at their first row, and the labels. */
    LabelledDocuments(List<DataFile> tables, DataFile labels, Format format) {
        this.labels = new LineReader(labels);
        documents = new RowDocuments(tables, row -> format.document(row, label(row)));
    }

    private int label(Row row) {
        String label = labels.next();
        if (label == null) {
            throw DataErrors.at(
                    labels.place(),
                    "no label after this line for " + row.place(),
                    "as many labels as rows",
                    "fetch both files again");
        }
        return switch (label.strip()) {
            case "0" -> 0;
            case "1" -> 1;
            default ->
                throw DataErrors.at(
                        labels.place(),
                        DataErrors.quoted(label),
                        "the label 0 or 1",
                        "check that it is the right file");
        };
    }

    @Override
    public @Nullable TextDocument next() {
        TextDocument next = documents.next();
        if (next == null && labels.next() != null) {
            throw DataErrors.at(
                    labels.place(), "a label without a row", "as many labels as rows", "fetch both files again");
        }
        return next;
    }

    @Override
    public void close() {
        documents.close();
        labels.close();
    }
}
