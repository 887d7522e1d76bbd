package dev.coppice.worker.task.data;

import dev.coppice.worker.task.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** The unpacked bytes of a file, from start to end. Failures of reading or unpacking name the file. */
public final class ByteReader implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final String path;
    private final InputStream bytes;

    ByteReader(String path, InputStream bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /** Name of the file, for messages. */
    public String path() {
        return path;
    }

    /**
     * Reads up to {@code count} bytes.
     *
     * @param into where they go, from index 0
     * @return how many were read: fewer than {@code count} only at the end of the file
     * @throws DataException when the file cannot be read or is damaged
     */
    public int read(byte[] into, int count) {
        try {
            return bytes.readNBytes(into, 0, count);
        } catch (IOException e) {
            throw DataErrors.unreadable(path, e);
        }
    }

    /**
     * All bytes to the end.
     *
     * @param maxBytes bound of memory
     * @throws DataException when there are more, or the file cannot be read or is damaged
     */
    public byte[] rest(int maxBytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        int count;
        do {
            count = read(buffer, buffer.length);
            all.write(buffer, 0, count);
            if (all.size() > maxBytes) {
                throw DataErrors.at(
                        path, "more than " + maxBytes + " bytes", "a smaller file", "check that it is the right one");
            }
        } while (count == buffer.length);
        return all.toByteArray();
    }

    @Override
    public void close() {
        try {
            bytes.close();
        } catch (IOException e) {
            throw DataErrors.unreadable(path, e);
        }
    }
}
