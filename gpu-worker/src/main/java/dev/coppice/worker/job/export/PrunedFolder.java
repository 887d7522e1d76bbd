package dev.coppice.worker.job.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.StoredStates;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.state.StateMask;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.Checkpoints;
import dev.coppice.worker.weights.NewFolder;
import dev.coppice.worker.weights.OutgoingTensor;
import dev.coppice.worker.weights.ShardedWriter;
import dev.coppice.worker.weights.SideFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a pruned model's folder: the tensors under their published names and in their stored types, config.json, tokenizer and
 * whatever else the model reads.
 */
public final class PrunedFolder {

    private static final String CONFIG = "config.json";

    private final Path folder;
    private final @Nullable String weightsFile;
    private final Model model;

    /**
     * A model as it was read.
     *
     * @param folder where from
     * @param weightsFile as in {@link Checkpoints#open}
     */
    public PrunedFolder(Path folder, @Nullable String weightsFile, Model model) {
        this.folder = folder;
        this.weightsFile = weightsFile;
        this.model = model;
    }

    /**
     * What was written.
     *
     * @param tensors number of tensors
     * @param bytes that they take
     */
    public record Written(int tensors, long bytes) {}

    /**
     * Writes the model without what {@code mask} takes. The folder appears with all of its files or not at all.
     *
     * @param out the new folder
     * @param shardBytes most bytes of a file's tensors
     * @param notes for the head of each weight file: what was done
     * @throws ModelException when the layout cannot say what a smaller model is like
     * @throws dev.coppice.worker.weights.CheckpointException when {@code out} is not empty or cannot be written
     */
    public Written write(Mask mask, Size size, Path out, long shardBytes, Map<String, String> notes) {
        try (Checkpoint checkpoint = Checkpoints.open(folder, weightsFile)) {
            StoredStates.Change change = change(mask, size, checkpoint);
            List<OutgoingTensor> tensors = new ArrayList<>();
            for (String name : checkpoint.names()) {
                HostArray changed = change.tensors().get(name);
                tensors.add(OutgoingTensor.of(name, changed == null ? checkpoint.read(name) : changed));
            }
            NewFolder.create(out, made -> {
                for (Path side : SideFiles.published(folder)) {
                    Files.copy(side, made.resolve(side.getFileName()));
                }
                changeConfig(made.resolve(CONFIG), change.config());
                ShardedWriter.write(made, tensors, shardBytes, notes);
            });
            return new Written(
                    tensors.size(),
                    tensors.stream().mapToLong(OutgoingTensor::bytes).sum());
        }
    }

    private StoredStates.Change change(Mask mask, Size size, Checkpoint checkpoint) {
        if (mask instanceof StateMask states && model instanceof StoredStates stored) {
            return size == Size.SAME
                    ? stored.storedZeros(checkpoint, states.kept())
                    : stored.storedSmaller(checkpoint, states.kept());
        }
        if (size == Size.SMALLER) {
            throw new ModelException(
                    "single weights are pruned: matrices with zeros are no smaller; leave --compact out");
        }
        Map<String, HostArray> tensors = new LinkedHashMap<>();
        Checkpoint pruned = ((AssembledModel) mask.applyTo(model)).checkpoint();
        pruned.names().forEach(name -> tensors.put(name, pruned.read(name)));
        return new StoredStates.Change(tensors, Map.of());
    }

    private static void changeConfig(Path file, Map<String, Integer> changes) throws IOException {
        if (changes.isEmpty()) {
            return; // byte for byte as it was
        }
        ObjectMapper json = new ObjectMapper();
        ObjectNode config = (ObjectNode) json.readTree(Files.readAllBytes(file));
        changes.forEach(config::put);
        Files.writeString(file, config.toPrettyString() + "\n");
    }
}
