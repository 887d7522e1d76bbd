package dev.coppice.worker.weights;

import dev.coppice.worker.compute.HostArray;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A checkpoint whose arrays are all there: of a format that has to be read whole, such as msgpack, held after its file was closed, or made up. */
public final class InMemoryCheckpoint implements Checkpoint {

    private final String source;
    private final Map<String, HostArray> arrays;

    /** These arrays, by name, from {@code source}. */
    public InMemoryCheckpoint(String source, Map<String, HostArray> arrays) {
        this.source = source;
        this.arrays = new LinkedHashMap<>(arrays);
    }

    /** All arrays of {@code checkpoint}, which may then be closed. Those in a mapped file stay there and take no memory. */
    public static InMemoryCheckpoint holding(Checkpoint checkpoint) {
        Map<String, HostArray> arrays = new LinkedHashMap<>();
        for (String name : checkpoint.names()) {
            arrays.put(name, checkpoint.read(name));
        }
        return new InMemoryCheckpoint(checkpoint.source(), arrays);
    }

    /**
     * The same checkpoint with other arrays in the place of those of their names.
     *
     * @throws CheckpointException when there is nothing of such a name
     */
    public InMemoryCheckpoint replacing(Map<String, HostArray> others) {
        Map<String, HostArray> merged = new LinkedHashMap<>(arrays);
        others.forEach((name, array) -> {
            read(name);
            merged.put(name, array);
        });
        return new InMemoryCheckpoint(source, merged);
    }

    /** The same checkpoint with these arrays, in the place of those of their names or behind them. */
    public InMemoryCheckpoint with(Map<String, HostArray> others) {
        Map<String, HostArray> merged = new LinkedHashMap<>(arrays);
        merged.putAll(others);
        return new InMemoryCheckpoint(source, merged);
    }

    /** A checkpoint from the same source that holds these arrays. */
    public InMemoryCheckpoint of(Map<String, HostArray> others) {
        return new InMemoryCheckpoint(source, others);
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(arrays.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        HostArray array = read(name);
        return new TensorInfo(array.dtype(), array.shape());
    }

    @Override
    public HostArray read(String name) {
        HostArray array = arrays.get(name);
        if (array == null) {
            throw MissingTensor.in(this, name);
        }
        return array;
    }

    @Override
    public void close() {
        // nothing to close: mappings last as long as their arrays
    }
}
