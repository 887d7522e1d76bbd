package dev.coppice.worker.task.language;

import org.jspecify.annotations.Nullable;

/** Documents one after another, from open files. */
interface DocumentReader extends AutoCloseable {

    /**
     * The next document; null after the last.
     *
     * @throws dev.coppice.worker.task.DataException when the data is not what its layout says; the message names file and row
     */
    @Nullable
    TextDocument next();

    @Override
    void close();
}
