package dev.coppice.worker.weights;

import java.io.IOException;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Writes parts of flax's files, good and bad ones. */
final class FlaxFiles {

    private FlaxFiles() {}

    /** Packs into bytes. */
    interface Content {
        void pack(MessageBufferPacker packer) throws IOException;
    }

    static byte[] bytes(Content content) throws IOException {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            content.pack(packer);
            return packer.toByteArray();
        }
    }

    /** An array as flax packs it, with {@code claimed} bytes announced. */
    static void array(MessageBufferPacker packer, String dtype, int[] shape, byte[] values, int claimed)
            throws IOException {
        byte[] payload = bytes(inner -> {
            inner.packArrayHeader(3).packArrayHeader(shape.length);
            for (int axis : shape) {
                inner.packInt(axis);
            }
            inner.packString(dtype).packBinaryHeader(claimed).writePayload(values);
        });
        packer.packExtensionTypeHeader((byte) 1, payload.length).writePayload(payload);
    }
}
