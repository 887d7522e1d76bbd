package dev.coppice.results.store;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.jspecify.annotations.Nullable;

/** Hadoop's file system of local files, called by another scheme. */
public final class RemoteFileSystem extends RawLocalFileSystem {

    private @Nullable URI uri;

    /** Made by Hadoop, by reflection. */
    public RemoteFileSystem() {}

    @Override
    public void initialize(URI name, Configuration configuration) throws IOException {
        uri = URI.create(name.getScheme() + ":///");
        super.initialize(name, configuration);
    }

    @Override
    public URI getUri() {
        // Asked for by the constructor of the parent, before initialize.
        return uri == null ? URI.create("remote:///") : uri;
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        // As HDFS does, and unlike the local file system: not over a file that is there.
        return !exists(to) && super.rename(from, to);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        FileStatus status = super.getFileStatus(path);
        return new FileStatus(
                status.getLen(), status.isDirectory(), 1, status.getBlockSize(), status.getModificationTime(), path);
    }

    @Override
    public File pathToFile(Path path) {
        return new File(path.toUri().getPath());
    }
}
