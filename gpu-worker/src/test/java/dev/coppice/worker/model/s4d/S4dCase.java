package dev.coppice.worker.model.s4d;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
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
final class S4dCase implements AutoCloseable {

    private final Checkpoint io;
    private final Checkpoint masks;
    private final S4dModel model;

    S4dCase(String name) {
        io = Fixtures.open(name, "io.safetensors");
        masks = Fixtures.open(name, "masks.safetensors");
        model = model(Fixtures.folder(name), "weights.safetensors");
    }

    static JsonNode config(Path folder) {
        try {
            return new ObjectMapper().readTree(Files.readString(folder.resolve("config.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static S4dModel model(Path folder, String weights) {
        S4dFamily family = new S4dFamily();
        try (Checkpoint checkpoint = Checkpoints.open(folder, weights)) {
            return (S4dModel) family.read(family.config(folder, config(folder)), checkpoint);
        }
    }

    S4dModel model() {
        return model;
    }

    Set<String> names() {
        return io.names();
    }

    float[] golden(String name) {
        return io.read(name).toFloats();
    }

    SequenceBatch batch() {
        boolean tokens = io.names().contains("tokens");
        HostArray input = io.read(tokens ? "tokens" : "x");
        int sequences = input.shape()[0];
        int steps = input.shape()[1];
        int[] lengths = new int[sequences];
        Arrays.fill(lengths, steps);
        if (io.names().contains("lengths")) {
            lengths = io.read("lengths").toInts();
        }
        return tokens
                ? SequenceBatch.ofTokens(sequences, steps, input.toInts(), lengths)
                : SequenceBatch.ofValues(sequences, steps, input.shape()[2], input.toFloats(), lengths);
    }

    float[] logits(Compute compute, S4dModel pruned, Observer observer) {
        try (Scope scope = compute.scope()) {
            return compute.download(pruned.on(compute).logits(compute, batch(), observer));
        }
    }

    /** The mask of a name such as pruned.last.global.r50.logits. */
    KeptStates mask(String pruned) {
        String[] parts = pruned.split("\\.");
        HostArray all = masks.read(parts[2] + "." + parts[1] + ".masks"); // (ratios, layers, H, n)
        int[] keep = all.toInts();
        int layers = all.shape()[1];
        int states = all.shape()[2] * all.shape()[3];
        int ratio = Integer.parseInt(parts[3].substring(1)) / 10 - 1;
        List<boolean[]> kept = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            boolean[] own = new boolean[states];
            for (int s = 0; s < states; s++) {
                own[s] = keep[(ratio * layers + layer) * states + s] != 0;
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
