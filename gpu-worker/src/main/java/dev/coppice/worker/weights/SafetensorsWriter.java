package dev.coppice.worker.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Writes safetensors files. */
public final class SafetensorsWriter {

    private static final int ALIGNMENT = 8; // of the data, so that readers may map it as numbers of any type

    private SafetensorsWriter() {}

    /**
     * Writes tensors to a file, which appears whole or not at all and replaces one that is there. Tensors of wide types come
     * first, so that each is aligned, as the format's own library does it.
     *
     * @param tensors by name
     * @param metadata notes about the file; may be empty
     * @throws CheckpointException when the file cannot be written
     */
    public static void write(Path file, Map<String, HostArray> tensors, Map<String, String> metadata) {
        write(
                file,
                tensors.entrySet().stream()
                        .map(entry -> OutgoingTensor.of(entry.getKey(), entry.getValue()))
                        .toList(),
                metadata);
    }

    /**
     * As the other, with contents that come piece by piece.
     *
     * @param tensors of different names
     * @throws CheckpointException when the file cannot be written
     * @throws IllegalArgumentException when a tensor gives another number of bytes than its shape and dtype need
     */
    public static void write(Path file, List<OutgoingTensor> tensors, Map<String, String> metadata) {
        List<OutgoingTensor> sorted = new ArrayList<>(tensors);
        sorted.sort(Comparator.comparingInt(
                        (OutgoingTensor tensor) -> -tensor.dtype().bytes())
                .thenComparing(OutgoingTensor::name));
        Path temporary = file.resolveSibling(
                file.getFileName() + ".part-" + ProcessHandle.current().pid());
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                writeFully(channel, header(sorted, metadata));
                for (OutgoingTensor tensor : sorted) {
                    write(channel, tensor);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            delete(temporary, e);
            throw new CheckpointException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private static void write(FileChannel channel, OutgoingTensor tensor) throws IOException {
        long end = channel.position() + tensor.bytes();
        tensor.content().writeTo(piece -> writeFully(channel, piece));
        if (channel.position() != end) {
            throw new IllegalArgumentException(tensor.name() + " gave " + (channel.position() - end + tensor.bytes())
                    + " bytes where its shape and dtype need " + tensor.bytes());
        }
    }

    private static ByteBuffer header(List<OutgoingTensor> tensors, Map<String, String> metadata) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode notes = root.putObject("__metadata__");
            metadata.forEach(notes::put);
        }
        long offset = 0;
        for (OutgoingTensor tensor : tensors) {
            long end = offset + tensor.bytes();
            ObjectNode node = root.putObject(tensor.name());
            node.put("dtype", code(tensor.dtype()));
            ArrayNode shape = node.putArray("shape");
            for (int axis : tensor.shape()) {
                shape.add(axis);
            }
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(json);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static String code(DType dtype) {
        return SafetensorsHeader.DTYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == dtype)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void delete(Path temporary, IOException cause) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
