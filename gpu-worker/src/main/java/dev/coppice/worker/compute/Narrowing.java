package dev.coppice.worker.compute;

import java.nio.ByteBuffer;

/** Writes float32 values as elements of the floating types, rounded to the nearest, ties to even. */
public final class Narrowing {

    private static final float SMALLEST_NORMAL_HALF = 0x1p-14f;
    private static final float HALF_OVERFLOW = 65520; // rounds to infinity, as anything above

    private Narrowing() {}

    /**
     * Appends a value to a little-endian buffer.
     *
     * @throws IllegalArgumentException when {@code dtype} is not a floating type
     */
    public static void put(ByteBuffer to, DType dtype, float value) {
        switch (dtype) {
            case FLOAT64 -> to.putDouble(value);
            case FLOAT32 -> to.putFloat(value);
            case BFLOAT16 -> to.putShort(bfloat16(value));
            case FLOAT16 -> to.putShort(float16(value));
            default -> throw new IllegalArgumentException(dtype + " elements hold no real numbers");
        }
    }

    private static short bfloat16(float value) {
        int bits = Float.floatToIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16);
        }
        return (short) (bits + 0x7fff + ((bits >>> 16) & 1) >>> 16);
    }

    private static short float16(float value) {
        int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= HALF_OVERFLOW) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude < SMALLEST_NORMAL_HALF) {
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24f));
        }
        int bits = Float.floatToIntBits(magnitude) - (112 << 23); // the exponent's bias is 15, not 127
        return (short) (sign | bits + 0xfff + ((bits >>> 13) & 1) >>> 13);
    }
}
