package dev.coppice.worker.weights;

import dev.coppice.worker.compute.HostArray;
import java.util.Set;

/**
 * The tensors of a trained model by name, read lazily. Names are those of the file: a nested tree (flax) is joined by
 * "/". Arrays that were read stay valid after it is closed: a mapping lasts as long as an array that uses it.
 */
public interface Checkpoint extends AutoCloseable {

    /** What it was read from, for messages: the file or folder as the user named it. */
    String source();

    /** All names, in the file's order. */
    Set<String> names();

    /**
     * Type and shape without the content.
     *
     * @throws CheckpointException when there is no such tensor; the message names similar ones
     */
    TensorInfo info(String name);

    /**
     * The tensor called {@code name}.
     *
     * @throws CheckpointException when there is no such tensor or its bytes cannot be read
     */
    HostArray read(String name);

    @Override
    void close();
}
