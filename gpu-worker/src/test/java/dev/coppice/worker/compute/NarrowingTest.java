package dev.coppice.worker.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rounding to 16-bit types against the nearest of all their values. */
class NarrowingTest {

    private static float narrowed(DType dtype, float value) {
        ByteBuffer bytes = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
        Narrowing.put(bytes, dtype, value);
        return new HostArray(dtype, new int[] {1}, bytes.flip()).toFloats()[0];
    }

    /** All values of a type, by their bits. */
    private static float[] all(DType dtype) {
        ByteBuffer bytes = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int bits = 0; bits < 1 << 16; bits++) {
            bytes.putShort((short) bits);
        }
        return new HostArray(dtype, new int[] {1 << 16}, bytes.flip()).toFloats();
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BFLOAT16", "FLOAT16"})
    void whatTheTypeHoldsStays(DType dtype) {
        for (float value : all(dtype)) {
            assertThat(narrowed(dtype, value)).isEqualTo(Float.valueOf(value)); // as objects: NaN is itself
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BFLOAT16", "FLOAT16"})
    void theNearestValueIsTakenAndTheEvenOneOfTwoSeed7(DType dtype) {
        float[] values = all(dtype);
        Random random = new Random(7);
        for (int bits = 0; bits < 0x7bff; bits++) { // neighbours above 0, up to the largest of float16
            float low = values[bits];
            float high = values[bits + 1];
            double middle = ((double) low + high) / 2;
            assertThat(narrowed(dtype, (float) middle)).isEqualTo(bits % 2 == 0 ? low : high);
            double share = random.nextDouble();
            float between = (float) (low + share * ((double) high - low));
            assertThat(narrowed(dtype, -between))
                    .isEqualTo(between < middle ? -low : between > middle ? -high : -narrowed(dtype, between));
        }
    }
}
