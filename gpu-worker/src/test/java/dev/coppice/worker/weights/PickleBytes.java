package dev.coppice.worker.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles of protocol 2, instruction by instruction, good and bad ones. */
final class PickleBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    PickleBytes() {
        op(0x80).op(2);
    }

    PickleBytes op(int code) {
        out.write(code);
        return this;
    }

    PickleBytes text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        op('X').little(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    PickleBytes number(int value) {
        return op('J').little(value);
    }

    PickleBytes named(String module, String name) {
        op('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    PickleBytes numbers(int... values) {
        op('(');
        for (int value : values) {
            number(value);
        }
        return op('t');
    }

    /** A raw 4-byte operand. */
    PickleBytes little(int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    /** A tensor as torch pickles it: a view of the storage {@code key}. */
    PickleBytes tensor(String type, String key, int offset, int[] shape, int[] strides) {
        named("torch._utils", "_rebuild_tensor_v2").op('(');
        op('(').text("storage").named("torch", type).text(key).text("cpu").number(0);
        op('t').op('Q');
        number(offset).numbers(shape).numbers(strides).op(0x89);
        return op('}').op('t').op('R');
    }

    byte[] bytes() {
        op('.');
        return out.toByteArray();
    }
}
