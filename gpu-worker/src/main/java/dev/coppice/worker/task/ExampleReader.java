package dev.coppice.worker.task;

import org.jspecify.annotations.Nullable;

/** Examples one after another, from open files. */
public interface ExampleReader extends AutoCloseable {

    /**
     * The next example; null after the last.
     *
     * @throws DataException when the data is not what its layout says; the message names file and row
     */
    @Nullable
    LabelledExample next();

    @Override
    void close();
}
