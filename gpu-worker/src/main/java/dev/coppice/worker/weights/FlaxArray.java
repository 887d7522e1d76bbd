package dev.coppice.worker.weights;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import org.msgpack.core.MessageUnpacker;

/** Reads the payload of flax's array extension: [shape, dtype name, raw little-endian bytes]. */
final class FlaxArray {

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

    private final Path path;
    private final MessageUnpacker unpacker;
    private final long fileBytes;

    FlaxArray(Path path, MessageUnpacker unpacker, long fileBytes) {
        this.path = path;
        this.unpacker = unpacker;
        this.fileBytes = fileBytes;
    }

    /** The array whose extension header was just read. */
    HostArray read(String name) throws IOException {
        if (unpacker.unpackArrayHeader() != 3) {
            throw new CheckpointException(path + ": " + name + " is not made of shape, dtype and bytes");
        }
        int[] shape = shape(name);
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
        long left = fileBytes - unpacker.getTotalReadBytes();
        if (length > left) { // checked before the library allocates them
            throw new CheckpointException(
                    path + ": " + name + " has " + length + " bytes, but " + left + " are left: the file is cut off");
        }
        ByteBuffer content = unpacker.readPayloadAsReference(length).sliceAsByteBuffer();
        return new HostArray(dtype, shape, content.order(ByteOrder.LITTLE_ENDIAN));
    }

    private int[] shape(String name) throws IOException {
        int axes = unpacker.unpackArrayHeader();
        if (axes > MAX_AXES) {
            throw new CheckpointException(path + ": " + name + " has " + axes + " axes; the limit is " + MAX_AXES);
        }
        int[] shape = new int[axes];
        for (int i = 0; i < axes; i++) {
            shape[i] = unpacker.unpackInt();
            if (shape[i] < 0) {
                throw new CheckpointException(path + ": " + name + " has a negative axis, " + shape[i]);
            }
        }
        return shape;
    }
}
