package dev.coppice.results;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One cell of the grid: everything that decides the metrics of a job and nothing else. Backend, device and file
 * locations are not part of it; precision is.
 *
 * @param model name of the model in the sweep's config
 * @param modelFingerprint SHA-256 over config, tensor index and sampled content of the checkpoint
 * @param task name of the task
 * @param taskVersion version of the task's definition; a change of protocol raises it
 * @param taskParams example limit, protocol, SHA-256 of the data and the like
 * @param method name of the pruning method; {@value #DENSE} for the unpruned model
 * @param methodParams parameters of the method, defaults included
 * @param calibration source SHA-256 and settings of the calibration data; empty for methods without it
 * @param ratio fraction to prune in [0, 1), an exact decimal of at most nine places, without trailing zeros
 * @param seed seed of the method; null for methods without randomness
 * @param precision arithmetic: float32, tf32, bfloat16 or float16
 */
public record JobSpec(
        String model,
        String modelFingerprint,
        String task,
        String taskVersion,
        SortedMap<String, String> taskParams,
        String method,
        SortedMap<String, String> methodParams,
        SortedMap<String, String> calibration,
        BigDecimal ratio,
        @Nullable Long seed,
        String precision)
        implements Serializable {

    /** The method name of the unpruned model: ratio 0 of any method is this one cell. */
    public static final String DENSE = "dense";

    public JobSpec {
        taskParams = copy(taskParams);
        methodParams = copy(methodParams);
        calibration = copy(calibration);
        ratio = Ratios.canonical(ratio);
        if (ratio.signum() < 0 || ratio.compareTo(BigDecimal.ONE) >= 0) {
            throw new IllegalArgumentException("ratio must be in [0, 1), not " + ratio.toPlainString());
        }
        if (method.equals(DENSE) != (ratio.signum() == 0)) {
            throw new IllegalArgumentException(
                    "ratio 0 and method \"dense\" go together, not " + method + " at " + ratio.toPlainString());
        }
    }

    private static SortedMap<String, String> copy(Map<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    /** The identity of this cell. */
    public JobId id() {
        return JobId.of(this);
    }
}
