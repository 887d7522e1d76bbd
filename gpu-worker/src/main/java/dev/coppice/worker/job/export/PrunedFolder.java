package dev.coppice.worker.job.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.StoredClassifier;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.state.StateMask;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.Checkpoints;
import dev.coppice.worker.weights.ConfigJson;
import dev.coppice.worker.weights.NewFolder;
import dev.coppice.worker.weights.OutgoingTensor;
import dev.coppice.worker.weights.ShardedWriter;
import dev.coppice.worker.weights.SideFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
            Content content = model instanceof StoredClassifier classifier
                    ? ofClassifier(classifier, mask, size, checkpoint)
                    : ofAssembled(mask, size);
            List<OutgoingTensor> tensors = content.tensors();
            NewFolder.create(out, made -> {
                for (Path side : SideFiles.published(folder)) {
                    Files.copy(side, made.resolve(side.getFileName()));
                }
                for (Map.Entry<String, JsonNode> config : content.configs().entrySet()) {
                    changeConfig(made.resolve(config.getKey()), config.getValue());
                }
                ShardedWriter.write(made, tensors, shardBytes, notes);
            });
            return new Written(
                    tensors.size(),
                    tensors.stream().mapToLong(OutgoingTensor::bytes).sum());
        }
    }

    /** Tensors in their order, and configs by file. */
    private record Content(List<OutgoingTensor> tensors, Map<String, JsonNode> configs) {}

    private Content ofClassifier(StoredClassifier classifier, Mask mask, Size size, Checkpoint checkpoint) {
        StoredClassifier.Change change = change(classifier, mask, size, checkpoint);
        List<OutgoingTensor> tensors = new ArrayList<>();
        for (String name : checkpoint.names()) {
            HostArray changed = change.tensors().get(name);
            tensors.add(OutgoingTensor.of(name, changed == null ? checkpoint.read(name) : changed));
        }
        ObjectNode config = (ObjectNode) json(folder.resolve(CONFIG));
        change.config().forEach(config::put);
        return new Content(tensors, Map.of(CONFIG, config));
    }

    private static StoredClassifier.Change change(
            StoredClassifier classifier, Mask mask, Size size, Checkpoint checkpoint) {
        if (mask instanceof StateMask states) {
            return size == Size.SAME
                    ? classifier.storedZeros(checkpoint, states.kept())
                    : classifier.storedSmaller(checkpoint, states.kept());
        }
        if (size == Size.SMALLER) {
            throw nothingGetsSmaller(mask);
        }
        return ((StoredClassifier) mask.applyTo(classifier)).storedMatrices(checkpoint);
    }

    private static ModelException nothingGetsSmaller(Mask mask) {
        return new ModelException("nothing gets smaller: "
                + (mask.achievedRatio() == 0
                        ? "the ratio is too small for any unit to go"
                        : "matrices with zeros have their shapes; leave --compact out"));
    }

    private Content ofAssembled(Mask mask, Size size) {
        AssembledModel pruned = (AssembledModel) (size == Size.SAME ? mask.applyTo(model) : mask.compact(model));
        if (size == Size.SMALLER && pruned.parameters() == model.parameters()) {
            throw nothingGetsSmaller(mask);
        }
        Checkpoint checkpoint = pruned.checkpoint();
        List<OutgoingTensor> tensors = checkpoint.names().stream()
                .map(name -> OutgoingTensor.of(name, checkpoint.read(name)))
                .toList();
        return new Content(tensors, pruned.config().files());
    }

    /** A config that says the same stays as it is, byte for byte. */
    private static void changeConfig(Path file, JsonNode config) throws IOException {
        if (!Files.exists(file) || !json(file).equals(config)) {
            Files.writeString(file, ConfigJson.write(config));
        }
    }

    private static JsonNode json(Path file) {
        try {
            return ConfigJson.read(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ModelException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
