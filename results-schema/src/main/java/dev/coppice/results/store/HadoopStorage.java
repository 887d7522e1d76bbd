package dev.coppice.results.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;

/** A folder of any file system that Hadoop knows, by its URI. Settings come from Hadoop's own files on the class path. */
final class HadoopStorage implements Storage {

    /** Object stores: a put appears whole on close, while a rename is a copy. */
    private static final Set<String> ATOMIC_PUT =
            Set.of("s3a", "s3", "s3n", "gs", "oss", "cosn", "obs", "wasb", "wasbs");

    private final Path root;
    private final FileSystem fileSystem;
    private final boolean atomicPut;

    HadoopStorage(URI location) throws IOException {
        this.root = new Path(location);
        this.fileSystem = root.getFileSystem(Settings.HADOOP);
        this.atomicPut = ATOMIC_PUT.contains(fileSystem.getUri().getScheme().toLowerCase(Locale.ROOT));
    }

    @Override
    public List<String> list(String directory) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            for (FileStatus file : fileSystem.listStatus(path(directory))) {
                names.add(file.getPath().getName());
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        names.sort(null);
        return names;
    }

    @Override
    public boolean exists(String path) throws IOException {
        return fileSystem.exists(path(path));
    }

    @Override
    public InputFile open(String path) throws IOException {
        return HadoopInputFile.fromPath(path(path), Settings.HADOOP);
    }

    @Override
    public void put(String path, byte[] content) throws IOException {
        Path target = path(path);
        if (atomicPut) {
            create(target, content);
            return;
        }
        Path temporary = new Path(target.getParent(), TemporaryNames.of(target.getName()));
        try {
            createDurably(temporary, content);
            rename(temporary, target);
        } catch (IOException | RuntimeException e) {
            fileSystem.delete(temporary, false);
            throw e;
        }
    }

    private void create(Path file, byte[] content) throws IOException {
        try (FSDataOutputStream stream = fileSystem.create(file, true)) {
            stream.write(content);
        }
    }

    private void createDurably(Path file, byte[] content) throws IOException {
        try (FSDataOutputStream stream = fileSystem.create(file, true)) {
            stream.write(content);
            stream.hsync();
        }
    }

    private void rename(Path from, Path to) throws IOException {
        if (fileSystem.rename(from, to)) {
            return;
        }
        // HDFS does not rename over a file. The one in the way is an earlier copy of the same row.
        fileSystem.delete(to, false);
        if (!fileSystem.rename(from, to)) {
            throw new IOException("the file system refused to rename " + from + " to " + to.getName());
        }
    }

    @Override
    public void delete(String path) throws IOException {
        fileSystem.delete(path(path), false);
    }

    @Override
    public String describe(String path) {
        return path(path).toString();
    }

    private Path path(String relative) {
        return relative.isEmpty() ? root : new Path(root, relative);
    }

    /** Reading Hadoop's settings takes a third of a second: done once, and only when an output is not local. */
    private static final class Settings {
        static final Configuration HADOOP = new Configuration();
    }
}
