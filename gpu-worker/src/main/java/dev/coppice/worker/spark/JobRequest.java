package dev.coppice.worker.spark;

import java.io.Serializable;
import java.util.Set;

/**
 * A task asks the driver which job it is to run.
 *
 * @param sparkJob number of the Spark job within the sweep
 * @param task number of the task within the Spark job
 * @param executor Spark's name of the executor
 * @param models fingerprints of the models that the executor holds
 */
public record JobRequest(int sparkJob, int task, String executor, Set<String> models) implements Serializable {

    public JobRequest {
        models = Set.copyOf(models);
    }
}
