package dev.coppice.worker.compute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Widening of {@link HostArray} elements. */
final class HostArrays {

    private HostArrays() {}

    static float[] floats(HostArray array) {
        float[] out = new float[Math.toIntExact(array.elements())];
        ByteBuffer bytes = littleEndian(array);
        switch (array.dtype()) {
            case FLOAT32 -> bytes.asFloatBuffer().get(out);
            case BFLOAT16 -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = halfToFloat(bytes.getShort(2 * i));
                }
            }
            default -> throw new IllegalArgumentException("cannot read " + array.dtype() + " elements as float32");
        }
        return out;
    }

    static double[] doubles(HostArray array) {
        if (array.dtype() == DType.FLOAT64) {
            double[] out = new double[Math.toIntExact(array.elements())];
            littleEndian(array).asDoubleBuffer().get(out);
            return out;
        }
        float[] values = floats(array);
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }

    static int[] ints(HostArray array) {
        int[] out = new int[Math.toIntExact(array.elements())];
        ByteBuffer bytes = littleEndian(array);
        for (int i = 0; i < out.length; i++) {
            out[i] = switch (array.dtype()) {
                case INT64 -> exactInt(bytes.getLong(8 * i));
                case INT32 -> bytes.getInt(4 * i);
                case INT16 -> bytes.getShort(2 * i);
                case INT8 -> bytes.get(i);
                case UINT8, BOOL -> bytes.get(i) & 0xff;
                default -> throw new IllegalArgumentException("cannot read " + array.dtype() + " elements as int32");
            };
        }
        return out;
    }

    private static int exactInt(long value) {
        if (value != (int) value) {
            throw new IllegalArgumentException("the value " + value + " does not fit in int32");
        }
        return (int) value;
    }

    private static ByteBuffer littleEndian(HostArray array) {
        ByteBuffer bytes = array.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        Lengths.check(
                "bytes", bytes.remaining(), array.elements() * array.dtype().bytes());
        return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** IEEE 754 binary16 to binary32, exact, subnormals included. */
    private static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int bits = exponent == 0x1f ? 0x7f800000 | (fraction << 13) : ((exponent + 112) << 23) | (fraction << 13);
        return Float.intBitsToFloat(sign | bits);
    }
}
