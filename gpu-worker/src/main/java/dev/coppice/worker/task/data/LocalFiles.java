package dev.coppice.worker.task.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;

/** The local disk, by java.nio alone: nothing of Hadoop is started for it. */
final class LocalFiles implements FileStore {

    @Override
    public Optional<DataFile> file(String path) throws IOException {
        Path file = local(path);
        return Files.isRegularFile(file) ? Optional.of(described(path, file)) : Optional.empty();
    }

    @Override
    public boolean isFolder(String path) {
        return Files.isDirectory(local(path));
    }

    @Override
    public List<DataFile> files(String folder) throws IOException {
        List<Path> found;
        try (Stream<Path> entries = Files.list(local(folder))) {
            found = entries.filter(Files::isRegularFile).toList();
        }
        List<DataFile> files = new ArrayList<>(found.size());
        for (Path file : found) {
            files.add(described(DataPath.join(folder, file.getFileName().toString()), file));
        }
        files.sort(Comparator.comparing(DataFile::name));
        return files;
    }

    @Override
    public InputStream open(String path) throws IOException {
        return Files.newInputStream(local(path));
    }

    @Override
    public InputFile seekable(String path) {
        return new LocalInputFile(local(path));
    }

    private static DataFile described(String path, Path file) throws IOException {
        return new DataFile(
                path, Files.size(file), Files.getLastModifiedTime(file).toMillis());
    }

    private static Path local(String path) {
        return Path.of(path.startsWith("file:") ? path.substring(5).replaceFirst("^/{2,}", "/") : path);
    }
}
