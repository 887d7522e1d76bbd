package dev.coppice.worker.task;

import java.net.URI;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk as remote:/, a file system that only Hadoop knows. */
public final class RemoteFileSystem extends RawLocalFileSystem {

    @Override
    public URI getUri() {
        return URI.create("remote:///");
    }

    @Override
    public String getScheme() {
        return "remote";
    }
}
