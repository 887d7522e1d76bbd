package dev.coppice.worker.job;

import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.Mebibytes;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.weights.CheckpointException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a model's weights take on a device, without which none of its jobs can run; activations and states come on top.
 *
 * @param model its name
 * @param bytes of all parameters in the jobs' arithmetic
 */
public record ModelMemory(String model, long bytes) implements Serializable {

    /** The largest model of these jobs; null where none can be read, which the rows of their jobs will say. */
    public static @Nullable ModelMemory largest(List<JobTicket> jobs) {
        Map<List<@Nullable String>, JobTicket> models = jobs.stream()
                .collect(Collectors.toMap(
                        job -> Arrays.asList(job.modelPath(), job.weightsFile()), job -> job, (a, b) -> a));
        ModelMemory largest = null;
        for (JobTicket job : models.values()) {
            ModelMemory own = of(job);
            if (own != null && (largest == null || own.bytes() > largest.bytes())) {
                largest = own;
            }
        }
        return largest;
    }

    private static @Nullable ModelMemory of(JobTicket job) {
        try {
            Model model = ModelFamilies.read(Path.of(job.modelPath()), job.weightsFile());
            Precision precision = Precision.of(job.spec().precision());
            return new ModelMemory(
                    job.spec().model(),
                    model.parameters() * precision.operands().bytes());
        } catch (ModelException | CheckpointException e) {
            return null;
        }
    }

    /**
     * Checks that a job can hold the model.
     *
     * @param device with the memory that a job may take
     * @param jobs that share the device
     * @throws IllegalStateException when it cannot
     */
    public void requireFits(Device device, int jobs) {
        Long memory = device.memoryBytes();
        if (memory != null && bytes > memory) {
            throw new IllegalStateException("the weights of " + model + " alone take " + Mebibytes.needed(bytes)
                    + ", and a job may have " + Mebibytes.needed(memory) + " of " + device.label()
                    + (jobs == 1 ? "" : ", which " + jobs + " jobs share: run fewer of them on a GPU at a time")
                    + "; a 16-bit worker.precision takes half of float32, and worker.device-memory must leave enough");
        }
    }
}
