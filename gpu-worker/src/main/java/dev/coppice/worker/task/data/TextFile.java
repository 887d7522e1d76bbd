package dev.coppice.worker.task.data;

import dev.coppice.worker.task.DataException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A whole file as text. */
public final class TextFile {

    private TextFile() {}

    /**
     * The content of {@code file}.
     *
     * @throws DataException when it is not UTF-8, longer than {@code maxBytes}, or cannot be read
     */
    public static String read(DataFile file, int maxBytes) {
        try (ByteReader bytes = file.open()) {
            return decode(bytes.rest(maxBytes), file.path());
        }
    }

    /** UTF-8, strictly: what is not UTF-8 is an error at {@code place}, never a replacement character. */
    static String decode(byte[] content, String place) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw DataErrors.at(
                    place, "bytes that are not UTF-8", "text in UTF-8", "convert the file or fetch it again");
        }
    }
}
