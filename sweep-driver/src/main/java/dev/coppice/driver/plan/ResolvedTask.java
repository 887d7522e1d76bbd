package dev.coppice.driver.plan;

import dev.coppice.driver.config.TaskSettings;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.TaskParameters;
import dev.coppice.worker.task.Tasks;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A task whose data is there.
 *
 * @param settings what the config says of it
 * @param definition what the task is
 * @param inputs what its examples are
 * @param params its parameters in a job's identity: the data's SHA-256, and the limit where there is one
 */
record ResolvedTask(
        TaskSettings settings, TaskDefinition definition, InputSpec inputs, SortedMap<String, String> params) {

    /** Throws DataException when the data is not there or of another layout. */
    static ResolvedTask of(TaskSettings settings) {
        SortedMap<String, String> params = new TreeMap<>();
        params.put(TaskParameters.DATA_SHA256, Tasks.dataSha256(settings.name(), settings.data()));
        if (settings.limit() != null) {
            params.put(TaskParameters.LIMIT, String.valueOf(settings.limit()));
        }
        InputSpec inputs = Tasks.open(settings.name(), settings.data(), params).inputs();
        return new ResolvedTask(settings, Tasks.definition(settings.name()), inputs, params);
    }
}
