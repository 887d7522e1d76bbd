package dev.coppice.worker.job;

import dev.coppice.results.JobSpec;
import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.job.export.PrunedFolder;
import dev.coppice.worker.job.export.Size;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.prune.Mask;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Prunes a model as a job does, and writes it instead of evaluating it. */
public final class ModelPruner {

    private final WorkerSettings settings;
    private final Backend backend;
    private final Device device;

    /**
     * A pruner on the device that the settings name.
     *
     * @throws IllegalStateException when the device or something it needs is not there
     */
    public ModelPruner(WorkerSettings settings) {
        this.settings = settings;
        backend = Backends.of(settings.backend());
        device = new DeviceSlots(backend, settings.devices()).usable(List.of()).get(0);
    }

    /**
     * What was written.
     *
     * @param tensors number of tensors
     * @param bytes that they take
     * @param achievedRatio of what the method counts
     * @param keptPerLayer the same
     * @param flags remarks on the scores
     */
    public record Pruned(
            String architecture,
            int tensors,
            long bytes,
            double achievedRatio,
            List<Integer> keptPerLayer,
            List<String> flags) {

        public Pruned {
            keptPerLayer = List.copyOf(keptPerLayer);
            flags = List.copyOf(flags);
        }
    }

    /**
     * Writes the ticket's model, pruned as the ticket says.
     *
     * @param ticket its task and data are not looked at, other than those that it names as its calibration
     * @param out the new folder
     * @param shardBytes most bytes of a file's tensors
     * @throws IllegalArgumentException when the method does not fit the model, or its layout
     */
    public Pruned write(JobTicket ticket, Size size, Path out, long shardBytes) {
        JobInputs inputs = new JobInputs(settings.cacheBytes());
        JobProgress progress = new JobProgress();
        Model whole = inputs.model(ticket, progress);
        Precision precision = Precision.of(ticket.spec().precision());
        try (Compute compute = backend.open(device.address(), settings.memory(), settings.threads(), precision)) {
            JobPruning.Chosen chosen =
                    new JobPruning(inputs).choose(ticket, whole, compute, Deadline.in(ticket.timeLimit()), progress);
            Mask mask = chosen.mask();
            PrunedFolder.Written written = new PrunedFolder(Path.of(ticket.modelPath()), ticket.weightsFile(), whole)
                    .write(mask, size, out, shardBytes, notes(ticket.spec()));
            return new Pruned(
                    whole.architecture(),
                    written.tensors(),
                    written.bytes(),
                    mask.achievedRatio(),
                    mask.keptPerLayer(),
                    chosen.ranking().flags());
        }
    }

    /** What was done, for the head of each weight file; "format" is what Hugging Face's loaders ask for. */
    private static SortedMap<String, String> notes(JobSpec spec) {
        SortedMap<String, String> notes = new TreeMap<>();
        notes.put("format", "pt");
        notes.put("pruned.by", "coppice " + BuildInfo.current());
        notes.put("pruned.model", spec.modelFingerprint());
        notes.put("pruned.method", spec.method());
        notes.put("pruned.ratio", spec.ratio().toPlainString());
        spec.methodParams().forEach((name, value) -> notes.put("pruned.method." + name, value));
        spec.calibration().forEach((name, value) -> notes.put("pruned.calibration." + name, value));
        if (spec.seed() != null) {
            notes.put("pruned.seed", String.valueOf(spec.seed()));
        }
        return notes;
    }
}
