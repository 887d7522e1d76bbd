package dev.coppice.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TensorReaderTest {

    private static TensorReader reader(HostArray array) {
        return new TensorReader(new InMemoryCheckpoint("model/weights", Map.of("layer/w", array)));
    }

    private static HostArray shorts(DType dtype, int... bits) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int b : bits) {
            bytes.putShort((short) b);
        }
        return new HostArray(dtype, new int[] {bits.length}, bytes.flip());
    }

    @Test
    void halfTypesAreWidenedExactly() {
        assertThat(reader(shorts(DType.FLOAT16, 0x3c00, 0x0001, 0x8000, 0x7bff)).floats("layer/w", 4))
                .containsExactly(1f, 0x1p-24f, -0f, 65504f);
        assertThat(reader(shorts(DType.BFLOAT16, 0x3f80, 0xc049)).floats("layer/w", 2))
                .containsExactly(1f, -3.140625f);
    }

    @Test
    void doublesAreRounded() {
        ByteBuffer bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(0.1)
                .flip();
        assertThat(reader(new HostArray(DType.FLOAT64, new int[] {1}, bytes)).floats("layer/w", 1))
                .containsExactly(0.1f);
    }

    @Test
    void anotherShapeIsAnError() {
        assertThatThrownBy(() -> reader(HostArray.ofFloats(new float[6], 2, 3)).floats("layer/w", 3, 2))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(
                        "model/weights: tensor layer/w has shape [2, 3] where the config asks for [3, 2]");
    }

    @Test
    void numbersOfAnotherKindAreAnError() {
        HostArray ints = new HostArray(DType.INT32, new int[] {1}, ByteBuffer.allocate(4));
        assertThatThrownBy(() -> reader(ints).floats("layer/w", 1))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tensor layer/w holds INT32 elements");
    }

    @Test
    void notANumberIsNamedWithItsPlace() {
        float[] values = {0, 1, 2, 3, Float.NaN, 5};
        assertThatThrownBy(() -> reader(HostArray.ofFloats(values, 2, 3)).floats("layer/w", 2, 3))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tensor layer/w holds NaN at element 4 of 6 (row 1)");
        assertThatThrownBy(() -> reader(shorts(DType.FLOAT16, 0x7c00)).floats("layer/w", 1))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("holds Infinity");
    }
}
