package dev.coppice.worker.task;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Small data files that tests write, and the examples of a task over them. */
final class DataFixtures {

    private DataFixtures() {}

    /** Writes {@code content} packed as the ending of {@code name} says. */
    static Path write(Path folder, String name, byte[] content) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name);
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream packed = packed(name, raw)) {
            packed.write(content);
        }
        return file;
    }

    static Path write(Path folder, String name, String content) throws IOException {
        return write(folder, name, content.getBytes(StandardCharsets.UTF_8));
    }

    private static OutputStream packed(String name, OutputStream raw) throws IOException {
        if (name.endsWith(".gz")) {
            return new GZIPOutputStream(raw);
        }
        if (name.endsWith(".xz")) {
            return new XZOutputStream(raw, new LZMA2Options(0));
        }
        return name.endsWith(".bz2") ? new BZip2CompressorOutputStream(raw) : raw;
    }

    /** An IDX array of unsigned bytes. */
    static byte[] idx(int magic, int[] shape, byte[] elements) {
        ByteBuffer head = ByteBuffer.allocate(4 + 4 * shape.length).putInt(magic);
        for (int length : shape) {
            head.putInt(length);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.array());
        all.writeBytes(elements);
        return all.toByteArray();
    }

    static ClassificationTask open(String name, Path data) {
        return Tasks.classification(name, data.toString(), Collections.emptySortedMap());
    }

    static List<LabelledExample> examples(String name, Path data) {
        try (Stream<LabelledExample> examples = open(name, data).examples()) {
            return examples.toList();
        }
    }

    static List<LabelledExample> first(int limit, String name, Path data) {
        TreeMap<String, String> parameters = new TreeMap<>();
        parameters.put(TaskParameters.LIMIT, Integer.toString(limit));
        try (Stream<LabelledExample> examples =
                Tasks.classification(name, data.toString(), parameters).examples()) {
            return examples.toList();
        }
    }
}
