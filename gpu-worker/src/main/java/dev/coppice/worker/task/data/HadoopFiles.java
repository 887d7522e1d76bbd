package dev.coppice.worker.task.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;

/** Any file system that Hadoop's configuration on the class path knows, such as hdfs: and s3a:. */
final class HadoopFiles implements FileStore {

    /** Read from the class path once; loading this class is what starts Hadoop. */
    private static final Configuration CONFIGURATION = new Configuration();

    @Override
    public Optional<DataFile> file(String path) throws IOException {
        return status(path).filter(FileStatus::isFile).map(status -> described(path, status));
    }

    @Override
    public boolean isFolder(String path) throws IOException {
        return status(path).filter(FileStatus::isDirectory).isPresent();
    }

    @Override
    public List<DataFile> files(String folder) throws IOException {
        List<DataFile> files = new ArrayList<>();
        for (FileStatus status : system(folder).listStatus(new Path(folder))) {
            if (status.isFile()) {
                files.add(described(DataPath.join(folder, status.getPath().getName()), status));
            }
        }
        files.sort(Comparator.comparing(DataFile::name));
        return files;
    }

    @Override
    public InputStream open(String path) throws IOException {
        return system(path).open(new Path(path));
    }

    @Override
    public InputFile seekable(String path) throws IOException {
        return HadoopInputFile.fromPath(new Path(path), CONFIGURATION);
    }

    private Optional<FileStatus> status(String path) throws IOException {
        try {
            return Optional.of(system(path).getFileStatus(new Path(path)));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    private FileSystem system(String path) throws IOException {
        return new Path(path).getFileSystem(CONFIGURATION);
    }

    private static DataFile described(String path, FileStatus status) {
        return new DataFile(path, status.getLen(), status.getModificationTime());
    }
}
