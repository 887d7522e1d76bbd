package dev.coppice.worker.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a checkpoint as Hugging Face does: one model.safetensors, or shards and an index once it grows beyond a limit. */
public final class ShardedWriter {

    private ShardedWriter() {}

    /**
     * Writes tensors into a folder that is there.
     *
     * @param tensors in the order in which they fill the shards
     * @param shardBytes most bytes of a shard's tensors; a larger tensor has a shard of its own
     * @param metadata notes for each file; may be empty
     * @throws CheckpointException when a file cannot be written
     */
    public static void write(Path folder, List<OutgoingTensor> tensors, long shardBytes, Map<String, String> metadata) {
        List<List<OutgoingTensor>> shards = shards(tensors, shardBytes);
        if (shards.size() == 1) {
            SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, metadata);
            return;
        }
        ObjectNode index = new ObjectMapper().createObjectNode();
        index.putObject("metadata")
                .put(
                        "total_size",
                        tensors.stream().mapToLong(OutgoingTensor::bytes).sum());
        ObjectNode weightMap = index.putObject("weight_map");
        for (int i = 0; i < shards.size(); i++) {
            String name = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            SafetensorsWriter.write(folder.resolve(name), shards.get(i), metadata);
            shards.get(i).forEach(tensor -> weightMap.put(tensor.name(), name));
        }
        Path file = folder.resolve("model.safetensors.index.json"); // last: without it the shards are no checkpoint
        try {
            Files.writeString(file, index.toPrettyString() + "\n");
        } catch (IOException e) {
            throw new CheckpointException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /** Tensors in their order, a new shard wherever the next one would be too much; at least one shard. */
    private static List<List<OutgoingTensor>> shards(List<OutgoingTensor> tensors, long shardBytes) {
        List<List<OutgoingTensor>> shards = new ArrayList<>(List.of(new ArrayList<>()));
        long bytes = 0;
        for (OutgoingTensor tensor : tensors) {
            if (bytes > 0 && TensorSize.plus(bytes, tensor.bytes()) > shardBytes) {
                shards.add(new ArrayList<>());
                bytes = 0;
            }
            shards.get(shards.size() - 1).add(tensor);
            bytes += tensor.bytes();
        }
        return shards;
    }
}
