package dev.coppice.worker.weights;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/**
 * Flax's serialisation of a variable tree: nested maps with string keys whose leaves are extension type 1, a msgpack of
 * [shape, dtype name, raw little-endian bytes]. Names are the keys joined by "/".
 */
final class FlaxMsgpack {

    private static final int NDARRAY = 1;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_AXES = 32;
    private static final Map<String, DType> DTYPES = Map.of(
            "float64",
            DType.FLOAT64,
            "float32",
            DType.FLOAT32,
            "float16",
            DType.FLOAT16,
            "bfloat16",
            DType.BFLOAT16,
            "int64",
            DType.INT64,
            "int32",
            DType.INT32,
            "int16",
            DType.INT16,
            "int8",
            DType.INT8,
            "uint8",
            DType.UINT8,
            "bool",
            DType.BOOL);

    private FlaxMsgpack() {}

    static Checkpoint read(Path path) {
        try (FileBytes file = FileBytes.open(path)) {
            ByteBuffer mapped = file.map(0, file.size());
            byte[] bytes = new byte[mapped.remaining()];
            mapped.get(bytes); // on the heap: the library's direct access needs closed parts of the JDK
            Map<String, HostArray> arrays = new LinkedHashMap<>();
            try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(bytes)) {
                readMap(path, unpacker, "", 0, arrays);
                if (unpacker.hasNext()) {
                    throw new CheckpointException(path + ": bytes follow after the variable tree");
                }
            } catch (IOException | MessagePackException e) {
                throw new CheckpointException(path + ": no flax checkpoint, or cut off: " + e.getMessage(), e);
            }
            return new InMemoryCheckpoint(path.toString(), arrays);
        }
    }

    private static void readMap(
            Path path, MessageUnpacker unpacker, String prefix, int depth, Map<String, HostArray> arrays)
            throws IOException {
        if (depth > MAX_DEPTH) {
            throw new CheckpointException(path + ": the tree at " + prefix + " is nested deeper than " + MAX_DEPTH);
        }
        if (!unpacker.hasNext()) {
            throw new CheckpointException(
                    path + ": the file is empty or cut off at " + (prefix.isEmpty() ? "its start" : prefix));
        }
        int entries = unpacker.unpackMapHeader();
        for (int i = 0; i < entries; i++) {
            String name = prefix + unpacker.unpackString();
            switch (unpacker.getNextFormat().getValueType()) {
                case MAP -> readMap(path, unpacker, name + "/", depth + 1, arrays);
                case EXTENSION -> {
                    if (arrays.put(name, readArray(path, unpacker, name)) != null) {
                        throw new CheckpointException(path + ": has two tensors called " + name);
                    }
                }
                default -> unpacker.skipValue(); // step counters and the like
            }
        }
    }

    private static HostArray readArray(Path path, MessageUnpacker unpacker, String name) throws IOException {
        ExtensionTypeHeader header = unpacker.unpackExtensionTypeHeader();
        if (header.getType() != NDARRAY) {
            throw new CheckpointException(
                    path + ": " + name + " is of extension type " + header.getType() + ", not an array (type 1)");
        }
        int parts = unpacker.unpackArrayHeader();
        int axes = parts == 3 ? unpacker.unpackArrayHeader() : -1;
        if (axes < 0 || axes > MAX_AXES) {
            throw new CheckpointException(path + ": " + name + " is not made of shape, dtype and bytes");
        }
        int[] shape = new int[axes];
        for (int i = 0; i < axes; i++) {
            shape[i] = unpacker.unpackInt();
            if (shape[i] < 0) {
                throw new CheckpointException(path + ": " + name + " has a negative axis, " + shape[i]);
            }
        }
        String dtypeName = unpacker.unpackString();
        DType dtype = DTYPES.get(dtypeName);
        if (dtype == null) {
            throw new CheckpointException(path + ": " + name + " has the unsupported dtype " + dtypeName);
        }
        int length = unpacker.unpackBinaryHeader();
        if (TensorSize.bytes(dtype, shape) != length) {
            throw new CheckpointException(path + ": " + name + " has " + length
                    + " bytes where its shape and dtype need " + TensorSize.bytes(dtype, shape));
        }
        ByteBuffer content = unpacker.readPayloadAsReference(length).sliceAsByteBuffer();
        return new HostArray(dtype, shape, content.order(ByteOrder.LITTLE_ENDIAN));
    }
}
