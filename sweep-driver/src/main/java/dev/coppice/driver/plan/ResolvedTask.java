package dev.coppice.driver.plan;

import dev.coppice.driver.config.TaskSettings;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.task.Task;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.TaskParameters;
import dev.coppice.worker.task.Tasks;
import java.util.SortedMap;

/**
 * A task whose data is there.
 *
 * @param settings what the config says of it
 * @param definition what the task is
 * @param protocol how its metric is computed
 * @param inputs what its examples are
 * @param params its parameters in a job's identity: the data's SHA-256, and what the config says other than the task itself
 */
record ResolvedTask(
        TaskSettings settings,
        TaskDefinition definition,
        String protocol,
        InputSpec inputs,
        SortedMap<String, String> params) {

    /** Throws DataException when the data is not there or of another layout. */
    static ResolvedTask of(TaskSettings settings) {
        TaskDefinition definition = Tasks.definition(settings.name());
        SortedMap<String, String> params = settings.params();
        params.remove(TaskParameters.PROTOCOL, definition.protocol()); // named or not, it is the same job
        params.put(TaskParameters.DATA_SHA256, Tasks.dataSha256(settings.name(), settings.data()));
        Task task = Tasks.open(settings.name(), settings.data(), params);
        return new ResolvedTask(settings, definition, task.protocol(), task.inputs(), params);
    }
}
