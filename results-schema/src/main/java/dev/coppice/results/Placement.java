package dev.coppice.results;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Where an attempt ran.
 *
 * @param device such as "cpu" or "cuda:0 NVIDIA A100-SXM4-40GB"
 * @param deviceMemoryBytes memory of the device; null on the CPU
 * @param executor Spark's name of the executor; null outside Spark
 * @param gpu address of the GPU that Spark assigned to the attempt; null when it assigned none
 * @param modelLoaded whether the attempt read the model from its file, rather than finding it in the executor's cache; null
 *     when it did not come to that
 */
public record Placement(
        String device,
        @Nullable Long deviceMemoryBytes,
        @Nullable String executor,
        @Nullable String gpu,
        @Nullable Boolean modelLoaded)
        implements Serializable {

    /** Outside Spark, on a device of which no more is known. */
    public static Placement on(String device) {
        return new Placement(device, null, null, null, null);
    }
}
