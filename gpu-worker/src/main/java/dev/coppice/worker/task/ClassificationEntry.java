package dev.coppice.worker.task;

import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import java.util.List;
import java.util.function.Function;

/**
 * A task of labelled sequences.
 *
 * @param definition what it is
 * @param finder finds its data
 */
record ClassificationEntry(TaskDefinition definition, Function<DataPath, ? extends ExampleSource> finder)
        implements TaskEntry {

    @Override
    public List<String> parameters() {
        return List.of(TaskParameters.LIMIT);
    }

    @Override
    public String protocol(TaskParameters parameters) {
        return definition.protocol();
    }

    @Override
    public List<DataFile> files(DataPath path) {
        return finder.apply(path).files();
    }

    @Override
    public ClassificationTask open(DataPath path, TaskParameters parameters) {
        return new FileTask(definition, finder.apply(path), parameters.limitOrAll());
    }
}
