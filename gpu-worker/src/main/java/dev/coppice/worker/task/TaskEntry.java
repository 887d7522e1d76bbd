package dev.coppice.worker.task;

import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import java.util.List;

/** A task in the registry: what it is, and how its data is found. */
public interface TaskEntry {

    /** What the task is, whatever data it is run on. */
    TaskDefinition definition();

    /** Names of the parameters that it takes. */
    List<String> parameters();

    /**
     * How the metric is computed, in a word.
     *
     * @throws IllegalArgumentException when the parameters name a protocol that the task doesn't have
     */
    String protocol(TaskParameters parameters);

    /**
     * The files that are read, in the order in which they are read.
     *
     * @throws DataException when the data is missing or of another layout
     */
    List<DataFile> files(DataPath path);

    /**
     * The task over the data at {@code path}. Finds the files and reads their heads; their content is checked as it is read.
     *
     * @throws DataException when the data is missing or of another layout
     * @throws IllegalArgumentException when the parameters name a protocol that the task doesn't have
     */
    Task open(DataPath path, TaskParameters parameters);
}
