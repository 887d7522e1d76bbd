package dev.coppice.worker.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.worker.compute.HostArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Several files that an index (Hugging Face's {@code *.index.json}) joins: weight_map gives each tensor's file. */
final class ShardedCheckpoint implements Checkpoint {

    private final Path index;
    private final Map<String, Checkpoint> shardOf;
    private final Set<Checkpoint> shards;

    private ShardedCheckpoint(Path index, Map<String, Checkpoint> shardOf, Set<Checkpoint> shards) {
        this.index = index;
        this.shardOf = shardOf;
        this.shards = shards;
    }

    static ShardedCheckpoint open(Path index) {
        Map<String, Checkpoint> byFile = new LinkedHashMap<>();
        Map<String, Checkpoint> shardOf = new LinkedHashMap<>();
        try {
            weightMap(index).properties().forEach(entry -> {
                String file = entry.getValue().asText();
                Checkpoint shard = byFile.get(file);
                if (shard == null) {
                    shard = SafetensorsCheckpoint.open(beside(index, file));
                    byFile.put(file, shard);
                }
                if (!shard.names().contains(entry.getKey())) {
                    throw new CheckpointException(index + ": tensor " + entry.getKey() + " is said to be in " + file
                            + ", which does not have it");
                }
                shardOf.put(entry.getKey(), shard);
            });
        } catch (RuntimeException e) {
            byFile.values().forEach(Checkpoint::close);
            throw e;
        }
        return new ShardedCheckpoint(index, shardOf, Set.copyOf(byFile.values()));
    }

    private static JsonNode weightMap(Path index) {
        try {
            JsonNode map = new ObjectMapper().readTree(Files.readString(index)).path("weight_map");
            if (!map.isObject() || map.isEmpty()) {
                throw new CheckpointException(index + ": has no weight_map of tensor names to files");
            }
            return map;
        } catch (IOException e) {
            throw new CheckpointException(index + ": is no readable JSON: " + e.getMessage(), e);
        }
    }

    /** Shards lie beside their index and nowhere else: an index must not lead out of the folder that the user named. */
    private static Path beside(Path index, String file) {
        Path name = Path.of(file);
        if (name.isAbsolute() || name.getNameCount() != 1 || file.equals("..") || !file.endsWith(".safetensors")) {
            throw new CheckpointException(
                    index + ": \"" + file + "\" is not the name of a safetensors file in the same folder");
        }
        return index.resolveSibling(name);
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
