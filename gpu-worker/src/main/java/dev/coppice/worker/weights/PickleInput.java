package dev.coppice.worker.weights;

import dev.coppice.worker.weights.Pickle.PickleException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The operands in a pickle's bytes; little-endian where Python is. Never reads more than there is. */
final class PickleInput {

    private final ByteBuffer in;

    PickleInput(byte[] bytes) {
        in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int unsignedByte() throws PickleException {
        return (int) unsigned(1);
    }

    /** An unsigned number of 1, 2 or 4 bytes, or a signed one of 8. */
    long unsigned(int bytes) throws PickleException {
        try {
            return switch (bytes) {
                case 1 -> in.get() & 0xff;
                case 2 -> in.getShort() & 0xffff;
                case 4 -> in.getInt() & 0xffff_ffffL;
                default -> in.getLong();
            };
        } catch (BufferUnderflowException e) {
            throw new PickleException("it ends in the middle");
        }
    }

    long signedInt() throws PickleException {
        return (int) unsigned(4);
    }

    /** Floats alone are big-endian. */
    double bigEndianDouble() throws PickleException {
        return Double.longBitsToDouble(Long.reverseBytes(unsigned(8)));
    }

    /** A two's complement integer of any length: a Long, or a BigInteger where that is too short. */
    Number integer(int length) throws PickleException {
        byte[] bytes = bytes(length); // least significant first
        for (int i = 0; i < length / 2; i++) {
            byte low = bytes[i];
            bytes[i] = bytes[length - 1 - i];
            bytes[length - 1 - i] = low;
        }
        BigInteger value = length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }

    String text(long length) throws PickleException {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    byte[] bytes(long length) throws PickleException {
        if (length < 0 || length > in.remaining()) {
            throw new PickleException("it announces " + length + " bytes where " + in.remaining() + " are left");
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    /** The text up to the next line feed. */
    String line() throws PickleException {
        int start = in.position();
        int end = start;
        while (end < in.limit() && in.get(end) != '\n') {
            end++;
        }
        String line = text(end - start);
        unsignedByte(); // the line feed
        return line;
    }
}
