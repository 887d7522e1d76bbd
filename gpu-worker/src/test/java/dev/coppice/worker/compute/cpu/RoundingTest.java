package dev.coppice.worker.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Narrowing;
import dev.coppice.worker.compute.Precision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rounding a vector at a time against rounding a number at a time, which NarrowingTest holds against all values there are. */
class RoundingTest {

    private static final float[] SPECIAL = {
        0f,
        -0f,
        0x1p-24f,
        0x1p-25f,
        -0x1.8p-25f,
        0x1p-14f,
        0x1.ffep-15f,
        0x1.fffp-15f,
        65504f,
        65519.996f,
        65520f,
        -70000f,
        Float.MAX_VALUE,
        Float.MIN_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        1.00390625f,
        1.01171875f
    };

    /** Of every exponent and both signs, an odd number of them. */
    private static float[] numbers() {
        Random random = new Random(3);
        float[] numbers = new float[100_003];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i < SPECIAL.length ? SPECIAL[i] : Float.intBitsToFloat(random.nextInt());
        }
        numbers[50_000] = Float.intBitsToFloat(0x7fffffff); // rounding its bits up would give a zero
        return numbers;
    }

    private static float[] expected(Precision precision, float[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(
                        numbers.length * precision.operands().bytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (float number : numbers) {
            Narrowing.put(bytes, precision.operands(), number);
        }
        return new HostArray(precision.operands(), new int[] {numbers.length}, bytes.flip()).toFloats();
    }

    @ParameterizedTest
    @EnumSource
    void everyNumberIsRoundedToTheNearestSeed3(Precision precision) {
        float[] numbers = numbers();
        int offset = 3;
        ByteBuffer from = ByteBuffer.allocateDirect((offset + numbers.length) * Float.BYTES)
                .order(Lanes.ORDER);
        for (int i = 0; i < numbers.length; i++) {
            from.putFloat((offset + i) * Float.BYTES, numbers[i]);
        }
        ByteBuffer to =
                ByteBuffer.allocateDirect((numbers.length + 1) * Float.BYTES).order(Lanes.ORDER);
        to.putFloat(numbers.length * Float.BYTES, 42f);
        Rounding.round(precision, from, offset, numbers.length, to, 0);
        float[] expected = expected(precision, numbers);
        for (int i = 0; i < numbers.length; i++) {
            float actual = to.getFloat(i * Float.BYTES);
            assertThat(actual == expected[i] || Float.isNaN(actual) && Float.isNaN(expected[i]))
                    .as("%s becomes %s, not %s", numbers[i], actual, expected[i])
                    .isTrue();
        }
        assertThat(to.getFloat(numbers.length * Float.BYTES)).isEqualTo(42f);
    }
}
