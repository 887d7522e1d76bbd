package dev.coppice.worker.task.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** SHA-256 of unpacked data. Hashes of unchanged files (path, length, time of the last change) are kept in memory. */
public final class DataHash {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final Map<DataFile, String> KNOWN = new ConcurrentHashMap<>();

    private DataHash() {}

    /**
     * The hash of one file's unpacked content; of several, the hash of the lines HASH, two spaces, NAME of each, as
     * sha256sum writes them, names without folder and packing.
     *
     * @param files in the order in which they are read
     * @return 64 hexadecimal digits
     * @throws dev.coppice.worker.task.DataException when a file cannot be read
     */
    public static String of(List<DataFile> files) {
        if (files.size() == 1) {
            return KNOWN.computeIfAbsent(files.get(0), DataHash::content);
        }
        MessageDigest digest = sha256();
        for (DataFile file : files) {
            String line = KNOWN.computeIfAbsent(file, DataHash::content) + "  " + file.plainName() + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String content(DataFile file) {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (ByteReader bytes = file.open()) {
            int count;
            while ((count = bytes.read(buffer, buffer.length)) > 0) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
