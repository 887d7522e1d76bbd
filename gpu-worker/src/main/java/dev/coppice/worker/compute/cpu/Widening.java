package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.DType;
import java.nio.ByteBuffer;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** 16-bit numbers to float32, exactly. Positions and counts are in elements. */
final class Widening {

    /** As many 16-bit numbers as there are float32 lanes. */
    private static final VectorSpecies<Short> HALVES =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Lanes.SPECIES.vectorBitSize() / 2));

    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    private static final float TWO_TO_112 = 0x1p112f; // moves the exponent's bias from 15 to 127

    private Widening() {}

    static void widen(DType dtype, ByteBuffer from, int index, int count, ByteBuffer to, int toIndex) {
        int whole = count - count % Lanes.COUNT;
        if (dtype == DType.BFLOAT16) {
            widenBfloat16(from, index, whole, to, toIndex);
        } else {
            widenFloat16(from, index, whole, to, toIndex);
        }
        for (int i = whole; i < count; i++) {
            short bits = from.getShort((index + i) * Short.BYTES);
            to.putFloat((toIndex + i) * Float.BYTES, dtype == DType.BFLOAT16 ? bfloat16(bits) : float16(bits));
        }
    }

    /** A bfloat16 is the upper half of a float32. */
    private static float bfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    private static void widenBfloat16(ByteBuffer from, int index, int count, ByteBuffer to, int toIndex) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector bits =
                    (IntVector) ShortVector.fromByteBuffer(HALVES, from, (index + i) * Short.BYTES, Lanes.ORDER)
                            .convertShape(VectorOperators.S2I, INTS, 0);
            Lanes.store(bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), to, toIndex + i);
        }
    }

    /**
     * Exponent and fraction move to their places in a float32, whose value is then 2^-112 times too small, subnormals
     * included; infinities and NaN, known by their exponent of 31 overflowing when 1 is added, get the exponent 255.
     */
    private static float float16(short bits) {
        int magnitude = (bits & 0x7fff) << 13;
        int special = -((magnitude + 0x00800000) >>> 28) & 0x7f800000;
        int scaled = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) * TWO_TO_112);
        return Float.intBitsToFloat(scaled | special | (bits & 0x8000) << 16);
    }

    private static void widenFloat16(ByteBuffer from, int index, int count, ByteBuffer to, int toIndex) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector bits =
                    (IntVector) ShortVector.fromByteBuffer(HALVES, from, (index + i) * Short.BYTES, Lanes.ORDER)
                            .convertShape(VectorOperators.S2I, INTS, 0);
            IntVector magnitude = bits.and(0x7fff).lanewise(VectorOperators.LSHL, 13);
            IntVector special = magnitude
                    .add(0x00800000)
                    .lanewise(VectorOperators.LSHR, 28)
                    .neg()
                    .and(0x7f800000);
            IntVector sign = bits.lanewise(VectorOperators.LSHL, 16).and(0x80000000);
            IntVector scaled = magnitude.reinterpretAsFloats().mul(TWO_TO_112).reinterpretAsInts();
            Lanes.store(scaled.or(special).or(sign).reinterpretAsFloats(), to, toIndex + i);
        }
    }
}
