package dev.coppice.worker.task.data;

import dev.coppice.worker.task.DataException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a UTF-8 file. Lines end in LF or CR LF; any other line separator of Unicode is content, as in the files'
 * own tools. Memory is bounded by the longest line that is allowed.
 */
public final class LineReader implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_LINE_BYTES = 64 << 20;

    private final ByteReader bytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private int position;
    private int filled;
    private int line;

    /** Opens {@code file} at its first line. */
    public LineReader(DataFile file) {
        this.bytes = file.open();
    }

    /** Number of lines of a file, by its line ends alone. */
    public static int count(DataFile file) {
        byte[] buffer = new byte[BUFFER_BYTES];
        int lines = 0;
        byte last = '\n';
        try (ByteReader bytes = file.open()) {
            int filled;
            while ((filled = bytes.read(buffer, buffer.length)) > 0) {
                for (int i = 0; i < filled; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
                last = buffer[filled - 1];
            }
        }
        return last == '\n' ? lines : lines + 1;
    }

    /**
     * The next line without its end; null after the last.
     *
     * @throws DataException when it is not UTF-8 or longer than 64 MiB, or the file cannot be read
     */
    public @Nullable String next() {
        pending.reset();
        while (position < filled || fill()) {
            int end = position;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            pending.write(buffer, position, end - position);
            boolean ended = end < filled;
            position = ended ? end + 1 : end;
            if (pending.size() > MAX_LINE_BYTES) {
                line++;
                throw DataErrors.at(
                        place(),
                        "a line of more than " + MAX_LINE_BYTES + " bytes",
                        "a text file with a row a line",
                        "check that it is the right file");
            }
            if (ended) {
                return decoded(pending.toByteArray());
            }
        }
        return pending.size() == 0 ? null : decoded(pending.toByteArray());
    }

    private boolean fill() {
        position = 0;
        filled = bytes.read(buffer, buffer.length);
        return filled > 0;
    }

    /** File and number of the line that was read last, for messages. */
    public String place() {
        return bytes.path() + ":" + line;
    }

    @Override
    public void close() {
        bytes.close();
    }

    private String decoded(byte[] content) {
        line++;
        int length = content.length;
        int end = length > 0 && content[length - 1] == '\r' ? length - 1 : length;
        return TextFile.decode(Arrays.copyOf(content, end), place());
    }
}
