package dev.coppice.worker.task.data;

import com.jerolba.carpet.CarpetReader;
import com.jerolba.carpet.CloseableIterator;
import dev.coppice.worker.task.DataException;
import java.io.IOException;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Labelled pictures in a Parquet file of Hugging Face's layout: the column {@code img} is a group whose {@code bytes} are
 * an encoded picture, the column {@code label} a whole number. Row groups are read one at a time.
 */
public final class PictureTable implements AutoCloseable {

    private final DataFile file;
    private final CloseableIterator<Picture> rows;
    private int row = -1;

    /** A row as it is stored. */
    record Picture(@Nullable Img img, long label) {}

    /** The picture's group. */
    record Img(@Nullable Binary bytes) {}

    /**
     * A row.
     *
     * @param png the encoded picture
     * @param label as stored
     */
    public record Row(byte[] png, int label) {}

    /**
     * Opens {@code file} at its first row.
     *
     * @throws DataException when it is not Parquet or lacks the columns
     */
    public PictureTable(DataFile file) {
        this.file = file;
        checkColumns(file);
        try {
            this.rows = new CarpetReader<>(file.seekable(), Picture.class).iterator();
        } catch (RuntimeException e) {
            throw DataErrors.notParquet(file.path(), e);
        }
    }

    /** Number of rows, from the file's footer. */
    public static long rows(DataFile file) {
        try (ParquetFileReader reader = ParquetFileReader.open(file.seekable())) {
            return reader.getRecordCount();
        } catch (IOException | RuntimeException e) {
            throw DataErrors.notParquet(file.path(), e);
        }
    }

    /**
     * The next row; null after the last.
     *
     * @throws DataException when the row has no picture or cannot be read
     */
    public @Nullable Row next() {
        row++;
        Picture picture;
        try {
            if (!rows.hasNext()) {
                return null;
            }
            picture = rows.next();
        } catch (RuntimeException e) {
            throw DataErrors.notParquet(place(), e);
        }
        Binary png = picture.img() == null ? null : picture.img().bytes();
        if (png == null || picture.label() != (int) picture.label()) {
            String found = png == null ? "no picture" : "the label " + picture.label();
            throw DataErrors.at(place(), found, "a PNG in img.bytes and a class in label", "fetch the file again");
        }
        return new Row(png.getBytes(), (int) picture.label());
    }

    /** File and number of the row that was read last, for messages. */
    public String place() {
        return file.path() + ": row " + row;
    }

    @Override
    public void close() {
        try {
            rows.close();
        } catch (IOException e) {
            throw DataErrors.unreadable(file.path(), e);
        }
    }

    private static void checkColumns(DataFile file) {
        MessageType schema;
        try (ParquetFileReader reader = ParquetFileReader.open(file.seekable())) {
            schema = reader.getFileMetaData().getSchema();
        } catch (IOException | RuntimeException e) {
            throw DataErrors.notParquet(file.path(), e);
        }
        boolean picture = schema.containsField("img")
                && !schema.getType("img").isPrimitive()
                && schema.getType("img").asGroupType().containsField("bytes");
        if (!picture || !schema.containsField("label")) {
            throw DataErrors.at(
                    file.path(),
                    "the columns "
                            + String.join(
                                    ", ",
                                    schema.getFields().stream()
                                            .map(Type::getName)
                                            .toList()),
                    "img (a group with bytes) and label",
                    "check that it is the right file");
        }
    }
}
