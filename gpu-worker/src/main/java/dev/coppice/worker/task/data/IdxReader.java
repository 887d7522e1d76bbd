package dev.coppice.worker.task.data;

import dev.coppice.worker.task.DataException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An array of unsigned bytes in the IDX format of MNIST (LeCun et al.): 0, 0, the type 8, the number of axes, each
 * axis's length as a big-endian int32, then the elements row-major. Items are the slices of the first axis.
 */
public final class IdxReader implements AutoCloseable {

    private static final int UNSIGNED_BYTE = 8;

    private final ByteReader bytes;
    private final int items;
    private final int itemBytes;
    private int read;

    /**
     * Opens {@code file} at its first item.
     *
     * @param itemShape length of the axes after the first; none for labels
     * @throws DataException when its head is not of an array of such items
     */
    public IdxReader(DataFile file, int... itemShape) {
        this.bytes = file.open();
        try {
            this.items = head(itemShape);
        } catch (DataException e) {
            bytes.close();
            throw e;
        }
        this.itemBytes = Arrays.stream(itemShape).reduce(1, Math::multiplyExact);
    }

    /** Number of items, as the head says. */
    public int items() {
        return items;
    }

    /**
     * The next item.
     *
     * @return its elements, row-major; {@link #items} of them can be read
     * @throws DataException when the file ends before, or goes on after the last item
     */
    public byte[] next() {
        byte[] item = new byte[itemBytes];
        int count = bytes.read(item, itemBytes);
        if (count < itemBytes) {
            throw DataErrors.at(
                    bytes.path() + ": item " + read,
                    "the end of the file after " + count + " bytes of it",
                    items + " items of " + itemBytes + " bytes",
                    "fetch the file again");
        }
        read++;
        if (read == items && bytes.read(new byte[1], 1) > 0) {
            throw DataErrors.at(
                    bytes.path(), "more bytes after item " + (items - 1), "the end of the file", "fetch it again");
        }
        return item;
    }

    @Override
    public void close() {
        bytes.close();
    }

    private int head(int[] itemShape) {
        int axes = itemShape.length + 1;
        byte[] head = new byte[4 + 4 * axes];
        int count = bytes.read(head, head.length);
        ByteBuffer values = ByteBuffer.wrap(head);
        int magic = values.getInt();
        if (count < head.length || magic != (UNSIGNED_BYTE << 8 | axes)) {
            throw wrong("the magic number " + String.format("0x%08x", magic), itemShape);
        }
        int[] shape = new int[axes]; // (axes)
        for (int axis = 0; axis < axes; axis++) {
            shape[axis] = values.getInt();
        }
        if (shape[0] < 1 || !Arrays.equals(Arrays.copyOfRange(shape, 1, axes), itemShape)) {
            throw wrong("the shape " + Arrays.toString(shape), itemShape);
        }
        return shape[0];
    }

    private DataException wrong(String found, int[] itemShape) {
        String expected = String.format("0x%08x", UNSIGNED_BYTE << 8 | itemShape.length + 1)
                + " and items of the shape "
                + Arrays.toString(itemShape);
        return DataErrors.at(bytes.path(), found, expected, "check that it is the right IDX file of unsigned bytes");
    }
}
