package dev.coppice.worker.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.worker.compute.HostArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Several files that an index (Hugging Face's {@code *.index.json}) joins: weight_map gives each tensor's file. */
final class ShardedCheckpoint implements Checkpoint {

    private static final long MAX_INDEX_BYTES = 100_000_000; // as many as a safetensors header may have

    private final Path index;
    private final Map<String, Checkpoint> shardOf;
    private final Set<Checkpoint> shards;

    private ShardedCheckpoint(Path index, Map<String, Checkpoint> shardOf, Set<Checkpoint> shards) {
        this.index = index;
        this.shardOf = shardOf;
        this.shards = shards;
    }

    static ShardedCheckpoint open(Path index) {
        Map<Path, Checkpoint> byFile = new LinkedHashMap<>();
        Map<String, Checkpoint> shardOf = new LinkedHashMap<>();
        try {
            weightMap(index).forEach((tensor, file) -> {
                Checkpoint shard = byFile.computeIfAbsent(file, SafetensorsCheckpoint::open);
                if (!shard.names().contains(tensor)) {
                    throw new CheckpointException(index + ": tensor " + tensor + " is said to be in "
                            + file.getFileName() + ", which does not have it");
                }
                shardOf.put(tensor, shard);
            });
        } catch (RuntimeException e) {
            byFile.values().forEach(Checkpoint::close);
            throw e;
        }
        return new ShardedCheckpoint(index, shardOf, Set.copyOf(byFile.values()));
    }

    /** The files that an index names, each once. */
    static List<Path> shards(Path index) {
        return weightMap(index).values().stream().distinct().toList();
    }

    /** The file of each tensor. */
    private static Map<String, Path> weightMap(Path index) {
        Map<String, Path> files = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : read(index).path("weight_map").properties()) {
            files.put(entry.getKey(), beside(index, entry.getValue().asText()));
        }
        if (files.isEmpty()) {
            throw new CheckpointException(index + ": has no weight_map of tensor names to files");
        }
        return files;
    }

    private static JsonNode read(Path index) {
        try {
            if (Files.size(index) > MAX_INDEX_BYTES) {
                throw new CheckpointException(
                        index + ": has over " + MAX_INDEX_BYTES + " bytes, too many for an index");
            }
            return new ObjectMapper().readTree(Files.readAllBytes(index));
        } catch (IOException e) {
            throw new CheckpointException(index + ": is no readable JSON: " + e.getMessage(), e);
        }
    }

    /** Shards lie beside their index and nowhere else: an index must not lead out of the folder that the user named. */
    private static Path beside(Path index, String file) {
        if (!FileBytes.isPlainName(file) || !file.endsWith(".safetensors")) {
            throw new CheckpointException(
                    index + ": \"" + file + "\" is not the name of a safetensors file in the same folder");
        }
        return index.resolveSibling(file);
    }

    @Override
    public String source() {
        return index.toString();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(shardOf.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        return shard(name).info(name);
    }

    @Override
    public HostArray read(String name) {
        return shard(name).read(name);
    }

    private Checkpoint shard(String name) {
        Checkpoint shard = shardOf.get(name);
        if (shard == null) {
            throw MissingTensor.in(this, name);
        }
        return shard;
    }

    @Override
    public void close() {
        shards.forEach(Checkpoint::close);
    }
}
