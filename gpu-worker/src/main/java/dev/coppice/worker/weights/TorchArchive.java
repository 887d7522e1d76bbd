package dev.coppice.worker.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The zip file of a torch checkpoint: {@code NAME/data.pkl} and the storages {@code NAME/data/KEY}. Torch stores them as
 * they are, so that they can be mapped; deflated ones are read whole.
 */
final class TorchArchive implements AutoCloseable {

    private static final long MAX_PICKLE_BYTES = 64L << 20;

    /** Inflated without asking; beyond it an entry that deflates better than {@link #MAX_DEFLATION} is taken for a bomb. */
    private static final long HARMLESS_BYTES = 64L << 20;

    private static final long MAX_DEFLATION = 64;

    private final FileBytes file;
    private final ZipFile zip;
    private final String prefix;

    private TorchArchive(FileBytes file, ZipFile zip, String prefix) {
        this.file = file;
        this.zip = zip;
        this.prefix = prefix;
    }

    /**
     * Opens a checkpoint file.
     *
     * @throws CheckpointException when it is no zip file of torch's, or cut off
     */
    static TorchArchive open(Path path) {
        FileBytes file = FileBytes.open(path);
        try {
            ZipFile zip =
                    ZipFile.builder().setSeekableByteChannel(file.channel()).get();
            TorchArchive archive = new TorchArchive(file, zip, prefix(path, zip));
            archive.requireLittleEndian();
            return archive;
        } catch (IOException | IllegalArgumentException e) {
            file.close();
            throw new CheckpointException(
                    path + ": no torch checkpoint of version 1.6 or later (a zip file), or cut off: " + e.getMessage()
                            + ". Older ones can be loaded and saved again with torch.",
                    e);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static String prefix(Path path, ZipFile zip) {
        return Collections.list(zip.getEntries()).stream()
                .map(ZipArchiveEntry::getName)
                .filter(name -> name.equals("data.pkl") || name.endsWith("/data.pkl"))
                .findFirst()
                .map(name -> name.substring(0, name.length() - "data.pkl".length()))
                .orElseThrow(() ->
                        new CheckpointException(path + ": is a zip file without data.pkl, so no torch checkpoint"));
    }

    private void requireLittleEndian() {
        ZipArchiveEntry entry = zip.getEntry(prefix + "byteorder"); // from torch 2.1 on
        if (entry == null) {
            return;
        }
        String order = StandardCharsets.US_ASCII
                .decode(content(entry, MAX_PICKLE_BYTES))
                .toString();
        if (!order.equals("little")) {
            throw new CheckpointException(file.path() + ": was written on a machine of byte order \""
                    + order.substring(0, Math.min(16, order.length())) + "\"; only little-endian ones are read");
        }
    }

    Path path() {
        return file.path();
    }

    /** The pickle that describes the tensors. */
    byte[] pickle() {
        ByteBuffer content = content(entry("data.pkl"), MAX_PICKLE_BYTES);
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    /** Length of a storage in bytes. */
    long storageBytes(String key) {
        return entry("data/" + key).getSize();
    }

    /** A range of a storage that is known to lie inside it, little-endian. */
    ByteBuffer storage(String key, long from, long bytes) {
        ZipArchiveEntry entry = entry("data/" + key);
        if (entry.getMethod() == ZipEntry.STORED) {
            return file.map(dataOffset(entry) + from, bytes);
        }
        return content(entry, Integer.MAX_VALUE).slice((int) from, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ZipArchiveEntry entry(String name) {
        @Nullable ZipArchiveEntry entry = zip.getEntry(prefix + name);
        if (entry == null) {
            throw new CheckpointException(file.path() + ": " + prefix + name + " is missing from the zip file");
        }
        return entry;
    }

    private long dataOffset(ZipArchiveEntry entry) {
        long offset = entry.getDataOffset();
        if (offset < 0 || entry.getSize() != entry.getCompressedSize() || offset > file.size() - entry.getSize()) {
            throw new CheckpointException(file.path() + ": " + entry.getName() + " reaches beyond the end of the file");
        }
        return offset;
    }

    /** An entry's bytes: never more than the file claims and never more than {@code limit}. */
    private ByteBuffer content(ZipArchiveEntry entry, long limit) {
        long size = entry.getSize();
        boolean deflated = entry.getMethod() != ZipEntry.STORED;
        boolean bomb =
                deflated && size > HARMLESS_BYTES && size > TensorSize.times(MAX_DEFLATION, entry.getCompressedSize());
        if (size < 0 || size > limit || bomb) {
            throw new CheckpointException(file.path() + ": " + entry.getName() + " claims " + size + " bytes out of "
                    + entry.getCompressedSize() + ", more than is read of it");
        }
        if (!deflated) {
            return file.map(dataOffset(entry), size);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) size);
            if (bytes.length != size || in.read() >= 0) {
                throw new CheckpointException(
                        file.path() + ": " + entry.getName() + " is not as long as the zip file says");
            }
            return ByteBuffer.wrap(bytes);
        } catch (IOException e) {
            throw new CheckpointException(
                    file.path() + ": " + entry.getName() + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
