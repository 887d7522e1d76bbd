package dev.coppice.worker.task.language;

import dev.coppice.worker.task.LanguageTask;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.TaskEntry;
import dev.coppice.worker.task.TaskParameters;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.task.data.NamedFiles;
import dev.coppice.worker.task.data.Row;
import java.util.List;
import java.util.function.Function;

/**
 * A task whose documents are contexts with continuations, in files.
 *
 * @param definition what it is
 * @param measure what is computed over its documents
 * @param finder finds its files
 * @param reader opens them at the first document
 */
record RequestEntry(
        TaskDefinition definition,
        Measure measure,
        Function<DataPath, List<DataFile>> finder,
        Function<List<DataFile>, DocumentReader> reader)
        implements TaskEntry {

    /** Parameters of all such tasks. */
    static final List<String> PARAMETERS = List.of(TaskParameters.LENGTH, TaskParameters.LIMIT);

    /** A task of multiple choice with a document a row. */
    static RequestEntry ofRows(TaskDefinition definition, NamedFiles files, Function<Row, TextDocument> format) {
        return new RequestEntry(definition, Measure.CHOICES, files::in, found -> new RowDocuments(found, format));
    }

    @Override
    public List<String> parameters() {
        return PARAMETERS;
    }

    @Override
    public String protocol(TaskParameters parameters) {
        return definition.protocol();
    }

    @Override
    public List<DataFile> files(DataPath path) {
        return finder.apply(path);
    }

    @Override
    public LanguageTask open(DataPath path, TaskParameters parameters) {
        List<DataFile> files = files(path);
        return new MeasuredTask(
                definition,
                definition.protocol(),
                measure,
                new RequestDocuments(definition.name(), parameters, () -> reader.apply(files)));
    }
}
