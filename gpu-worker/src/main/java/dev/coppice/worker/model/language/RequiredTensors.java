package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes down what a family asks for. The arrays that it hands out have the shapes asked for and matrices no content. */
final class RequiredTensors implements ModelTensors {

    private final PublishedLayout layout;
    private final Map<String, int[]> shapes = new LinkedHashMap<>();

    RequiredTensors(PublishedLayout layout) {
        this.layout = layout;
    }

    Map<String, int[]> shapes() {
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public boolean has(String name) {
        return layout.holds(name);
    }

    @Override
    public float[] vector(String name, int... shape) {
        shapes.put(name, shape);
        int elements = 1;
        for (int length : shape) {
            elements = Math.multiplyExact(elements, length);
        }
        return new float[elements];
    }

    @Override
    public int rows(String name) {
        return layout.vocabulary().getAsInt();
    }

    @Override
    public HostArray matrix(String name, int outputs, int inputs) {
        int[] shape = {outputs, inputs};
        shapes.put(name, shape);
        return new HostArray(DType.FLOAT32, shape, ByteBuffer.allocate(0));
    }
}
