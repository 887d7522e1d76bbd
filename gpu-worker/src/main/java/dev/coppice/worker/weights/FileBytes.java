package dev.coppice.worker.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file whose ranges are mapped into memory when they are asked for, so that its size is no limit. */
final class FileBytes implements AutoCloseable {

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private @Nullable ByteBuffer whole;

    private FileBytes(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    /**
     * Opens a file.
     *
     * @throws CheckpointException when it is not there or cannot be read
     */
    static FileBytes open(Path path) {
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new FileBytes(path, channel, channel.size());
        } catch (NoSuchFileException e) {
            throw new CheckpointException(path + ": there is no such file", e);
        } catch (IOException e) {
            throw new CheckpointException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether {@code name} is a file's name and no path: what lies beside a file cannot lead out of its folder. */
    static boolean isPlainName(String name) {
        boolean special = name.isEmpty() || name.equals(".") || name.equals("..");
        return !special && name.indexOf('/') < 0 && name.indexOf('\\') < 0 && name.indexOf('\0') < 0;
    }

    Path path() {
        return path;
    }

    /** Its channel, for libraries that read from one; closed with this file. */
    SeekableByteChannel channel() {
        return channel;
    }

    long size() {
        return size;
    }

    /**
     * The bytes from {@code offset} on, little-endian; the range is known to lie inside the file. A file of up to 2 GiB is
     * mapped once, since a mapping lasts until the garbage collector finds it and a process may have some ten thousands.
     */
    ByteBuffer map(long offset, long bytes) {
        if (size > Integer.MAX_VALUE) {
            return mapped(offset, bytes);
        }
        if (whole == null) {
            whole = mapped(0, size);
        }
        return whole.slice((int) offset, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer mapped(long offset, long bytes) {
        if (bytes > Integer.MAX_VALUE) {
            throw new CheckpointException(path + ": a piece of " + bytes
                    + " bytes is over the 2 GiB that one tensor, or a flax file, may have");
        }
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, bytes).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new CheckpointException(
                    path + ": bytes " + offset + " to " + (offset + bytes) + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CheckpointException(path + ": cannot be closed: " + e.getMessage(), e);
        }
    }
}
