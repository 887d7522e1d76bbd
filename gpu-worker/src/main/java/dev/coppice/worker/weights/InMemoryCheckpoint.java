package dev.coppice.worker.weights;

import dev.coppice.worker.compute.HostArray;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A checkpoint whose format has to be read whole, such as msgpack. */
final class InMemoryCheckpoint implements Checkpoint {

    private final String source;
    private final Map<String, HostArray> arrays;

    InMemoryCheckpoint(String source, Map<String, HostArray> arrays) {
        this.source = source;
        this.arrays = new LinkedHashMap<>(arrays);
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
        // nothing is held outside the heap
    }
}
