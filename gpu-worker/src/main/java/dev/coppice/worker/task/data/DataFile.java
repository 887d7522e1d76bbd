package dev.coppice.worker.task.data;

import dev.coppice.worker.task.DataException;
import java.io.IOException;
import org.apache.parquet.io.InputFile;

/**
 * A file of evaluation data.
 *
 * @param path as the user would name it: a local name or a Hadoop URI
 * @param bytes its length as it is stored, packed or not
 * @param modifiedMillis when it was last written, in milliseconds since 1970
 */
public record DataFile(String path, long bytes, long modifiedMillis) {

    /** The last part of the path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Where it lies. */
    public DataPath folder() {
        int slash = path.lastIndexOf('/');
        return new DataPath(slash < 0 ? "." : path.substring(0, Math.max(1, slash)));
    }

    /** The name without the ending of a packed file, such as .gz. */
    public String plainName() {
        return Packing.of(name()).strip(name());
    }

    /**
     * Its bytes from the start, unpacked as the ending of its name says (.gz, .xz, .bz2).
     *
     * @throws DataException when it cannot be opened
     */
    public ByteReader open() {
        try {
            return new ByteReader(
                    path, Packing.of(name()).unpack(FileStore.of(path).open(path)));
        } catch (IOException e) {
            throw DataErrors.unreadable(path, e);
        }
    }

    /**
     * The file for readers that jump about in it.
     *
     * @throws DataException when it cannot be opened
     */
    public InputFile seekable() {
        try {
            return FileStore.of(path).seekable(path);
        } catch (IOException e) {
            throw DataErrors.unreadable(path, e);
        }
    }
}
