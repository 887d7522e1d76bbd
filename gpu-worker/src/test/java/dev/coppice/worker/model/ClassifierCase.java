package dev.coppice.worker.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.s4d.S4dFamily;
import dev.coppice.worker.model.s5.S5Family;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.Checkpoints;
import dev.coppice.worker.weights.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A golden case: the model, its inputs and what the reference made of them. */
public final class ClassifierCase implements AutoCloseable {

    private static final List<ModelFamily> FAMILIES = List.of(new S5Family(), new S4dFamily());

    private final Checkpoint io;
    private final Checkpoint masks;
    private final Model model;

    /** The case of this name. */
    public ClassifierCase(String name) {
        io = Fixtures.open(name, "io.safetensors");
        masks = Fixtures.open(name, "masks.safetensors");
        model = model(Fixtures.folder(name), "weights.safetensors");
    }

    /** The model of a folder. */
    public static Model model(Path folder, String weights) {
        try (Checkpoint checkpoint = Checkpoints.open(folder, weights)) {
            JsonNode config = new ObjectMapper().readTree(Files.readString(folder.resolve("config.json")));
            ModelFamily family = FAMILIES.stream()
                    .filter(candidate -> candidate.recognises(folder, config))
                    .findFirst()
                    .orElseThrow();
            return family.read(family.config(folder, config), checkpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The model, whole. */
    public SequenceClassifier classifier() {
        return (SequenceClassifier) model;
    }

    /** The model as one whose states can be pruned. */
    public StatePrunable<?> prunable() {
        return (StatePrunable<?>) model;
    }

    /** Names of the recorded tensors. */
    public Set<String> names() {
        return io.names();
    }

    /** A recorded tensor. */
    public float[] golden(String name) {
        return io.read(name).toFloats();
    }

    /** The recorded inputs. */
    public SequenceBatch batch() {
        return batch(io.names().contains("tokens") ? "tokens" : "x");
    }

    /** The recorded inputs of this name. */
    public SequenceBatch batch(String name) {
        HostArray input = io.read(name);
        int sequences = input.shape()[0];
        int steps = input.shape()[1];
        int[] lengths = new int[sequences];
        Arrays.fill(lengths, steps);
        if (io.names().contains("lengths")) {
            lengths = io.read("lengths").toInts();
        }
        return input.dtype().floating()
                ? SequenceBatch.ofValues(sequences, steps, input.shape()[2], input.toFloats(), lengths)
                : SequenceBatch.ofTokens(sequences, steps, input.toInts(), lengths);
    }

    /** The output that the case records: logits, or log_probs after a log-softmax. */
    public static float[] output(
            Compute compute, Model classifier, SequenceBatch batch, String kind, Observer observer) {
        try (Scope scope = compute.scope()) {
            Tensor logits = ((SequenceClassifier) classifier).on(compute).logits(compute, batch, observer);
            return compute.download(kind.equals("log_probs") ? compute.logSoftmax(logits) : logits);
        }
    }

    /** The mask of a name such as pruned.last.global.r50.logits. */
    public KeptStates mask(String pruned) {
        String[] parts = pruned.split("\\.");
        return mask(parts[2], parts[1], Integer.parseInt(parts[3].substring(1)));
    }

    /** The recorded mask of a scope, method and ratio in per cent. */
    public KeptStates mask(String scope, String method, int percent) {
        HostArray all =
                masks.read(scope + "." + method + ".masks"); // (ratios, layers, states) or (ratios, layers, H, n)
        int[] keep = all.toInts();
        int layers = all.shape()[1];
        int states = keep.length / all.shape()[0] / layers;
        List<boolean[]> kept = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            boolean[] own = new boolean[states];
            for (int s = 0; s < states; s++) {
                own[s] = keep[((percent / 10 - 1) * layers + layer) * states + s] != 0;
            }
            kept.add(own);
        }
        return new KeptStates(kept);
    }

    @Override
    public void close() {
        io.close();
        masks.close();
    }
}
