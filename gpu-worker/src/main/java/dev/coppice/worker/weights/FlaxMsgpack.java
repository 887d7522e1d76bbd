package dev.coppice.worker.weights;

import dev.coppice.worker.compute.HostArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/**
 * Flax's serialisation of a variable tree: nested maps with string keys whose leaves are extension type 1, a msgpack of
 * [shape, dtype name, raw little-endian bytes]. Names are the keys joined by "/". The file is read whole.
 */
final class FlaxMsgpack {

    private static final int NDARRAY = 1;
    private static final int COMPLEX_NUMBER = 2;
    private static final int NUMPY_SCALAR = 3;
    private static final int MAX_DEPTH = 64;

    private final Path path;
    private final FlaxArray arrayReader;
    private final MessageUnpacker unpacker;
    private final Map<String, HostArray> arrays = new LinkedHashMap<>();
    private final Map<String, Long> numbers = new LinkedHashMap<>();

    private FlaxMsgpack(Path path, MessageUnpacker unpacker, long fileBytes) {
        this.path = path;
        this.unpacker = unpacker;
        arrayReader = new FlaxArray(path, unpacker, fileBytes);
    }

    static Checkpoint read(Path path) {
        try (FileBytes file = FileBytes.open(path)) {
            ByteBuffer mapped = file.map(0, file.size());
            byte[] bytes = new byte[mapped.remaining()];
            mapped.get(bytes); // on the heap: the library's direct access needs closed parts of the JDK
            try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(bytes)) {
                FlaxMsgpack reader = new FlaxMsgpack(path, unpacker, bytes.length);
                reader.readMap("", 0);
                if (unpacker.hasNext()) {
                    throw new CheckpointException(path + ": bytes follow after the variable tree");
                }
                return new InMemoryCheckpoint(path.toString(), FlaxChunks.joined(path, reader.arrays, reader.numbers));
            } catch (IOException | MessagePackException e) {
                throw new CheckpointException(path + ": no flax checkpoint, or cut off: " + e.getMessage(), e);
            }
        }
    }

    private void readMap(String prefix, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new CheckpointException(path + ": the variable tree is nested deeper than " + MAX_DEPTH);
        }
        if (!unpacker.hasNext()) {
            throw new CheckpointException(
                    path + ": the file is empty or cut off at " + (prefix.isEmpty() ? "its start" : prefix));
        }
        int entries = unpacker.unpackMapHeader();
        for (int i = 0; i < entries; i++) {
            String name = prefix + unpacker.unpackString();
            switch (unpacker.getNextFormat().getValueType()) {
                case MAP -> readMap(name + "/", depth + 1);
                case EXTENSION -> readExtension(name);
                case INTEGER -> numbers.put(name, unpacker.unpackBigInteger().longValue());
                default -> unpacker.skipValue(); // notes beside the arrays
            }
        }
    }

    private void readExtension(String name) throws IOException {
        ExtensionTypeHeader header = unpacker.unpackExtensionTypeHeader();
        long end = unpacker.getTotalReadBytes() + header.getLength();
        switch (header.getType()) {
            case NDARRAY -> {
                if (arrays.put(name, arrayReader.read(name)) != null) {
                    throw new CheckpointException(path + ": has two tensors called " + name);
                }
            }
            case COMPLEX_NUMBER, NUMPY_SCALAR -> unpacker.skipValue(); // step counters and the like: an array of parts
            default ->
                throw new CheckpointException(path + ": " + name + " is of extension type " + header.getType()
                        + ", which flax does not write");
        }
        if (unpacker.getTotalReadBytes() != end) {
            throw new CheckpointException(path + ": " + name + " is not as long as its header says");
        }
    }
}
