package dev.coppice.worker.task.data;

import dev.coppice.worker.task.DataException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where a task's data lies: a file or a folder.
 *
 * @param path a local name or a Hadoop URI
 */
public record DataPath(String path) {

    /** The file itself; empty when the path is a folder or not there. */
    public Optional<DataFile> file() {
        try {
            return FileStore.of(path).file(path);
        } catch (IOException e) {
            throw DataErrors.unreadable(path, e);
        }
    }

    /** Whether it is a folder. */
    public boolean isFolder() {
        try {
            return FileStore.of(path).isFolder(path);
        } catch (IOException e) {
            throw DataErrors.unreadable(path, e);
        }
    }

    /** The path of something in this folder. */
    public DataPath child(String name) {
        return new DataPath(join(path, name));
    }

    /**
     * The files directly in this folder that {@code wanted} accepts, by name.
     *
     * @throws DataException when the folder is not there or cannot be listed
     */
    public List<DataFile> files(Predicate<DataFile> wanted) {
        if (!isFolder()) {
            throw new DataException(
                    path + ": there is no such file or folder; check the task's data path (relative ones start"
                            + " at the config file)");
        }
        try {
            return FileStore.of(path).files(path).stream().filter(wanted).toList();
        } catch (IOException e) {
            throw DataErrors.unreadable(path, e);
        }
    }

    /**
     * The one file in this folder that {@code wanted} accepts.
     *
     * @param description what it is called, for messages
     * @throws DataException when there is none, or more than one
     */
    public DataFile only(Predicate<DataFile> wanted, String description) {
        List<DataFile> found = files(wanted);
        if (found.size() != 1) {
            String names = found.isEmpty()
                    ? "none"
                    : String.join(", ", found.stream().map(DataFile::name).toList());
            throw DataErrors.at(path, names, "one file " + description, "name the file itself as the data path");
        }
        return found.get(0);
    }

    static String join(String folder, String name) {
        return folder.endsWith("/") ? folder + name : folder + "/" + name;
    }
}
