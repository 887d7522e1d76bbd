package dev.coppice.worker.compute;

import dev.coppice.results.DidYouMean;
import java.util.Arrays;
import java.util.List;

/**
 * The arithmetic of a {@link Compute}: the type of what goes into matrix products. Products are summed in float32 whatever it
 * is, and in 16 bit a weight of another type is rounded to it. The CPU keeps everything between the products (residual
 * stream, norms, scans, convolutions, softmax) in float32; a GPU may keep activations in the 16-bit type too.
 */
public enum Precision {
    FLOAT32("float32", DType.FLOAT32),

    /** Float32 whose digits beyond the tenth binary one are rounded away as it goes into a product: NVIDIA's TensorFloat-32. */
    TF32("tf32", DType.FLOAT32),
    BFLOAT16("bfloat16", DType.BFLOAT16),
    FLOAT16("float16", DType.FLOAT16);

    private final String configName;
    private final DType operands;

    Precision(String configName, DType operands) {
        this.configName = configName;
        this.operands = operands;
    }

    /** Name in configs and results. */
    public String configName() {
        return configName;
    }

    /** Type of what goes into matrix products. */
    public DType operands() {
        return operands;
    }

    /** Names of all. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Precision::configName).toList();
    }

    /**
     * The one of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Precision of(String configName) {
        return Arrays.stream(values())
                .filter(precision -> precision.configName.equals(configName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no precision \"" + configName + "\"; " + DidYouMean.hint(configName, names())));
    }

    @Override
    public String toString() {
        return configName;
    }
}
