package dev.coppice.worker.task.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.io.InputFile;

/** Files by name, on one kind of file system. */
interface FileStore {

    /** The file called {@code path}; empty when there is none, or it is a folder. */
    Optional<DataFile> file(String path) throws IOException;

    /** Whether {@code path} is a folder. */
    boolean isFolder(String path) throws IOException;

    /** The files directly in a folder, by name. */
    List<DataFile> files(String folder) throws IOException;

    /** The bytes of a file as they are stored. */
    InputStream open(String path) throws IOException;

    /** The file for readers that jump about in it. */
    InputFile seekable(String path) throws IOException;

    /** The store that {@code path} lies in: plain names and file: on the local disk, any other scheme through Hadoop. */
    static FileStore of(String path) {
        int colon = path.indexOf(':');
        boolean local = colon < 0 || path.lastIndexOf('/', colon) >= 0 || path.startsWith("file:");
        return local ? new LocalFiles() : new HadoopFiles();
    }
}
