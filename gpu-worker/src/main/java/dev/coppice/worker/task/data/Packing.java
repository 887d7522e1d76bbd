package dev.coppice.worker.task.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** How a file is packed, told by the ending of its name. */
enum Packing {
    NONE(""),
    GZIP(".gz"),
    XZ(".xz"),
    BZIP2(".bz2");

    private static final int BUFFER_BYTES = 1 << 16;

    /** Enough for xz -9 (64 MiB of dictionary); a file that asks for more is refused before it takes the memory. */
    private static final int XZ_MEMORY_KIB = 100 << 10;

    private final String ending;

    Packing(String ending) {
        this.ending = ending;
    }

    static Packing of(String name) {
        for (Packing packing : new Packing[] {GZIP, XZ, BZIP2}) {
            if (name.endsWith(packing.ending)) {
                return packing;
            }
        }
        return NONE;
    }

    String strip(String name) {
        return name.substring(0, name.length() - ending.length());
    }

    /** The unpacked bytes; {@code packed} is closed when its head cannot be read. */
    InputStream unpack(InputStream packed) throws IOException {
        try {
            return switch (this) {
                case NONE -> packed;
                case GZIP -> new GZIPInputStream(packed, BUFFER_BYTES);
                case XZ -> new XZInputStream(packed, XZ_MEMORY_KIB);
                case BZIP2 -> new BZip2CompressorInputStream(packed, true);
            };
        } catch (IOException | RuntimeException e) {
            packed.close();
            throw e;
        }
    }
}
