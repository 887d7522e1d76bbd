package dev.coppice.driver.config;

import dev.coppice.worker.task.TaskParameters;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A task of the sweep.
 *
 * @param name its name
 * @param data file or folder of its data, an absolute path or a Hadoop URI
 * @param limit the first N examples or documents only; null for all
 * @param length most tokens that a language model is fed at once; null for the task's own
 * @param protocol how the metric is computed; null for the task's own
 * @param training file or folder of other data of the task, for calibration; null for none
 */
public record TaskSettings(
        String name,
        String data,
        @Nullable Integer limit,
        @Nullable Integer length,
        @Nullable String protocol,
        @Nullable String training) {

    /** What the config says, as the parameters that {@link dev.coppice.worker.task.Tasks} takes. */
    public SortedMap<String, String> params() {
        SortedMap<String, String> params = new TreeMap<>();
        if (limit != null) {
            params.put(TaskParameters.LIMIT, String.valueOf(limit));
        }
        if (length != null) {
            params.put(TaskParameters.LENGTH, String.valueOf(length));
        }
        if (protocol != null) {
            params.put(TaskParameters.PROTOCOL, protocol);
        }
        return params;
    }
}
