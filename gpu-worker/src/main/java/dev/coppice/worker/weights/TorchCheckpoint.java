package dev.coppice.worker.weights;

import dev.coppice.worker.compute.HostArray;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * A torch checkpoint (torch 1.6 and later), mapped. In a training checkpoint the tensors are those of the model's state_dict.
 * Nothing of its pickle is executed.
 */
final class TorchCheckpoint implements Checkpoint {

    /** A tensor with strides of 0 is larger than its storage: fine, but beyond 64 MiB not without bound. */
    private static final long HARMLESS_BYTES = 64L << 20;

    private static final long MAX_EXPANSION = 16;

    private final TorchArchive archive;
    private final Map<String, TorchTensor> tensors;

    private TorchCheckpoint(TorchArchive archive, Map<String, TorchTensor> tensors) {
        this.archive = archive;
        this.tensors = tensors;
    }

    static TorchCheckpoint open(Path path) {
        TorchArchive archive = TorchArchive.open(path);
        try {
            Map<String, TorchTensor> tensors =
                    TorchPickle.tensors(archive.path().toString(), Pickle.read(archive.pickle()));
            tensors.forEach((name, tensor) -> requireInside(archive, name, tensor));
            return new TorchCheckpoint(archive, tensors);
        } catch (Pickle.PickleException e) {
            archive.close();
            throw new CheckpointException(path + ": data.pkl cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            archive.close();
            throw e;
        }
    }

    private static void requireInside(TorchArchive archive, String name, TorchTensor tensor) {
        long storage = archive.storageBytes(tensor.storage());
        if (TensorSize.plus(tensor.firstByte(), tensor.spannedBytes()) > storage
                || tensor.bytes() > Math.max(HARMLESS_BYTES, TensorSize.times(MAX_EXPANSION, storage))) {
            throw new CheckpointException(archive.path() + ": tensor " + name + " reaches beyond its storage data/"
                    + tensor.storage() + " of " + storage + " bytes");
        }
    }

    @Override
    public String source() {
        return archive.path().toString();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        TorchTensor tensor = tensor(name);
        return new TensorInfo(tensor.dtype(), tensor.shape());
    }

    @Override
    public HostArray read(String name) {
        TorchTensor tensor = tensor(name);
        if (tensor.bytes() > Integer.MAX_VALUE) {
            throw new CheckpointException(source() + ": tensor " + name + " has " + tensor.bytes()
                    + " bytes, over the 2 GiB that one may have");
        }
        ByteBuffer spanned = archive.storage(tensor.storage(), tensor.firstByte(), tensor.spannedBytes());
        return new HostArray(tensor.dtype(), tensor.shape(), tensor.rowMajor(spanned));
    }

    private TorchTensor tensor(String name) {
        TorchTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw MissingTensor.in(this, name);
        }
        return tensor;
    }

    @Override
    public void close() {
        archive.close();
    }
}
