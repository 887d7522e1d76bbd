package dev.coppice.worker.task;

import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.task.data.DataFile;
import java.util.List;

/** A task's data, found and its layout recognised; nothing but heads of files has been read. */
public interface ExampleSource {

    /** What the examples are in this data. */
    InputSpec inputs();

    /** The files that are read, in the order in which they are read. */
    List<DataFile> files();

    /**
     * Number of examples. May read all of the data.
     *
     * @throws DataException when the data is not what its layout says
     */
    int count();

    /** Opens the data at its first example. */
    ExampleReader open();
}
