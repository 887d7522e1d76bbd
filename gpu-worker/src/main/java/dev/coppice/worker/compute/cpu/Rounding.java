package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Precision;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Float32 numbers to the nearest that a 16-bit type has, ties to even, as float32. Positions and counts are in elements;
 * {@code from} and {@code to} may be the same place.
 */
final class Rounding {

    private static final int BFLOAT16_DROPPED = 16; // bits of a float32's fraction that the type lacks
    private static final int FLOAT16_DROPPED = 13;
    private static final float FLOAT16_SMALLEST_NORMAL = 0x1p-14f;
    private static final float FLOAT16_OVERFLOW = 65520; // rounds to infinity, as anything above
    private static final float FLOAT16_SUBNORMAL_GRID =
            0.75f; // a float32 near it is a multiple of 2^-24, float16's smallest

    private Rounding() {}

    static void round(Precision precision, ByteBuffer from, int index, int count, ByteBuffer to, int toIndex) {
        int whole = count - count % Lanes.COUNT;
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            Lanes.store(rounded(precision, Lanes.load(from, index + i)), to, toIndex + i);
        }
        if (whole < count) {
            float[] rest = new float[Lanes.COUNT];
            for (int i = whole; i < count; i++) {
                rest[i - whole] = from.getFloat((index + i) * Float.BYTES);
            }
            rounded(precision, FloatVector.fromArray(Lanes.SPECIES, rest, 0)).intoArray(rest, 0);
            for (int i = whole; i < count; i++) {
                to.putFloat((toIndex + i) * Float.BYTES, rest[i - whole]);
            }
        }
    }

    private static FloatVector rounded(Precision precision, FloatVector x) {
        return switch (precision) {
            case FLOAT32, TF32 -> x;
            case BFLOAT16 -> shortened(x, BFLOAT16_DROPPED);
            case FLOAT16 -> float16(x);
        };
    }

    private static FloatVector float16(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector subnormal = x.add(FLOAT16_SUBNORMAL_GRID).sub(FLOAT16_SUBNORMAL_GRID);
        FloatVector infinite = Lanes.broadcast(Float.POSITIVE_INFINITY)
                .reinterpretAsInts()
                .or(x.reinterpretAsInts().and(0x80000000))
                .reinterpretAsFloats();
        return shortened(x, FLOAT16_DROPPED)
                .blend(subnormal, magnitude.compare(VectorOperators.LT, FLOAT16_SMALLEST_NORMAL))
                .blend(infinite, magnitude.compare(VectorOperators.GE, FLOAT16_OVERFLOW));
    }

    /** With the last {@code dropped} bits rounded away; what is no number stays as it is. */
    private static FloatVector shortened(FloatVector x, int dropped) {
        IntVector bits = x.reinterpretAsInts();
        IntVector odd = bits.lanewise(VectorOperators.LSHR, dropped).and(1);
        FloatVector rounded =
                bits.add((1 << dropped - 1) - 1).add(odd).and(-1 << dropped).reinterpretAsFloats();
        VectorMask<Float> noNumber = x.compare(VectorOperators.NE, x);
        return rounded.blend(x, noNumber);
    }
}
