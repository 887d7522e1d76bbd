package dev.coppice.worker.weights;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A tensor that is to be written: its description first, its elements piece by piece when their turn comes, so that a file may be
 * larger than memory.
 *
 * @param name its name in the file
 * @param shape length of each axis, outermost first
 * @param content gives the elements
 */
public record OutgoingTensor(String name, DType dtype, int[] shape, Content content) {

    /** Gives the elements, row-major and little-endian, in as many pieces as it likes. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Sink sink) throws IOException;
    }

    /** Takes pieces of a tensor, one after the other. */
    @FunctionalInterface
    public interface Sink {
        void write(ByteBuffer piece) throws IOException;
    }

    /**
     * An array that is there already, in memory or in a mapped file.
     *
     * @throws IllegalArgumentException when it has not as many bytes as its shape needs
     */
    public static OutgoingTensor of(String name, HostArray array) {
        OutgoingTensor tensor = new OutgoingTensor(
                name,
                array.dtype(),
                array.shape(),
                sink -> sink.write(array.bytes().duplicate()));
        if (tensor.bytes() != array.bytes().remaining()) {
            throw new IllegalArgumentException(name + " has " + array.bytes().remaining()
                    + " bytes where its shape and dtype need " + tensor.bytes());
        }
        return tensor;
    }

    /** Bytes of its elements. */
    public long bytes() {
        return TensorSize.bytes(dtype, shape);
    }
}
