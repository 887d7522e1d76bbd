package dev.coppice.results.store;

import java.io.IOException;
import java.util.List;
import org.apache.parquet.io.InputFile;

/** The few things a store asks of a file system. Paths are relative to the store's root, with slashes. */
interface Storage {

    /** Names of the files and folders in {@code directory}, sorted; none when there is no such directory. */
    List<String> list(String directory) throws IOException;

    /** Whether there is a file called {@code path}. */
    boolean exists(String path) throws IOException;

    /** The file called {@code path}, for reading. */
    InputFile open(String path) throws IOException;

    /**
     * Writes a whole file, replacing one of that name. Readers see all of it or nothing; missing directories are made.
     * When it fails, nothing is left behind.
     */
    void put(String path, byte[] content) throws IOException;

    /** Deletes a file; one that is already gone is fine. */
    void delete(String path) throws IOException;

    /** {@code path} as a user would write it. */
    String describe(String path);
}
