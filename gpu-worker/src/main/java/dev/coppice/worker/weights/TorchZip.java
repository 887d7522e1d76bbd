package dev.coppice.worker.weights;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Torch's zip checkpoints (torch 1.6 and later): {@code NAME/data.pkl} describes a dictionary of tensors, {@code NAME/data/KEY}
 * holds their storages. Only tensors are taken from the pickle, whatever else it mentions; nothing of it is executed. In a
 * Lightning checkpoint the tensors are those under {@code state_dict}.
 */
final class TorchZip {

    private static final long MAX_PICKLE_BYTES = 64L << 20;
    private static final int MAX_AXES = 32;
    private static final Map<String, DType> STORAGES = Map.of(
            "DoubleStorage",
            DType.FLOAT64,
            "FloatStorage",
            DType.FLOAT32,
            "HalfStorage",
            DType.FLOAT16,
            "BFloat16Storage",
            DType.BFLOAT16,
            "LongStorage",
            DType.INT64,
            "IntStorage",
            DType.INT32,
            "ShortStorage",
            DType.INT16,
            "CharStorage",
            DType.INT8,
            "ByteStorage",
            DType.UINT8,
            "BoolStorage",
            DType.BOOL);

    private final Path path;
    private final ZipFile zip;
    private final String prefix;
    private final Map<String, ByteBuffer> storages = new HashMap<>();

    private TorchZip(Path path, ZipFile zip, String prefix) {
        this.path = path;
        this.zip = zip;
        this.prefix = prefix;
    }

    static Checkpoint read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new CheckpointException(path + ": there is no such file");
        }
        try (ZipFile zip = new ZipFile(path.toFile())) {
            ZipEntry pickle = pickleEntry(path, zip);
            String prefix = pickle.getName().substring(0, pickle.getName().length() - "data.pkl".length());
            TorchZip reader = new TorchZip(path, zip, prefix);
            Object root = Pickle.read(reader.content(pickle, MAX_PICKLE_BYTES));
            return new InMemoryCheckpoint(path.toString(), reader.tensors(root));
        } catch (ZipException e) {
            throw new CheckpointException(
                    path + ": no torch checkpoint of version 1.6 or later (a zip file), or cut off: " + e.getMessage()
                            + ". Older ones can be saved again by torch.save.",
                    e);
        } catch (Pickle.PickleException e) {
            throw new CheckpointException(path + ": data.pkl is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static ZipEntry pickleEntry(Path path, ZipFile zip) {
        Enumeration<? extends ZipEntry> entries = zip.entries();
        while (entries.hasMoreElements()) {
            ZipEntry entry = entries.nextElement();
            if (entry.getName().endsWith("/data.pkl") || entry.getName().equals("data.pkl")) {
                return entry;
            }
        }
        throw new CheckpointException(path + ": is a zip file without data.pkl, so no torch checkpoint");
    }

    /** An entry's bytes; never more than the file claims and never more than {@code limit}. */
    private byte[] content(ZipEntry entry, long limit) throws IOException {
        if (entry.getSize() < 0 || entry.getSize() > limit) {
            throw new CheckpointException(
                    path + ": " + entry.getName() + " has " + entry.getSize() + " bytes; the limit is " + limit);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) entry.getSize());
            if (bytes.length != entry.getSize() || in.read() >= 0) {
                throw new CheckpointException(path + ": " + entry.getName() + " is not as long as the zip file says");
            }
            return bytes;
        }
    }

    private Map<String, HostArray> tensors(@Nullable Object root) throws IOException {
        Map<?, ?> dictionary = root instanceof Map<?, ?> map ? map : Map.of();
        if (dictionary.get("state_dict") instanceof Map<?, ?> inner) {
            dictionary = inner;
        }
        Map<String, HostArray> arrays = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : dictionary.entrySet()) {
            HostArray array = tensor(entry.getValue());
            if (array != null && entry.getKey() instanceof String name) {
                arrays.put(name, array);
            }
        }
        if (arrays.isEmpty()) {
            throw new CheckpointException(path + ": holds no dictionary of tensors (a state_dict)");
        }
        return arrays;
    }

    /** The array that a tensor's or parameter's pickled form describes; null for anything else. */
    private @Nullable HostArray tensor(@Nullable Object object) throws IOException {
        if (!(object instanceof Pickle.Call call)
                || !(call.function() instanceof Pickle.Named function)
                || !(call.arguments() instanceof List<?> arguments)
                || !function.module().equals("torch._utils")) {
            return null;
        }
        if (function.name().equals("_rebuild_parameter") && !arguments.isEmpty()) {
            return tensor(arguments.get(0));
        }
        if (!function.name().equals("_rebuild_tensor_v2") || arguments.size() < 4) {
            return null;
        }
        int[] shape = axes(arguments.get(2));
        int[] strides = axes(arguments.get(3));
        if (!(arguments.get(0) instanceof Pickle.Persistent storage)
                || !(storage.id() instanceof List<?> id)
                || id.size() < 3
                || !(id.get(1) instanceof Pickle.Named type)
                || !(id.get(2) instanceof String key)
                || !(arguments.get(1) instanceof Long offset)
                || shape.length != strides.length) {
            throw new CheckpointException(path + ": a tensor's description is not what torch writes");
        }
        DType dtype = STORAGES.get(type.name());
        if (dtype == null) {
            throw new CheckpointException(path + ": a tensor of the unsupported type " + type.name());
        }
        return new HostArray(dtype, shape, gather(key, dtype, offset, shape, strides));
    }

    private int[] axes(@Nullable Object tuple) {
        if (!(tuple instanceof List<?> list) || list.size() > MAX_AXES) {
            throw new CheckpointException(path + ": a tensor's shape is not what torch writes");
        }
        int[] axes = new int[list.size()];
        for (int i = 0; i < axes.length; i++) {
            if (!(list.get(i) instanceof Long axis) || axis < 0 || axis > Integer.MAX_VALUE) {
                throw new CheckpointException(path + ": a tensor has the impossible shape or strides " + list);
            }
            axes[i] = axis.intValue();
        }
        return axes;
    }

    /** The elements in row-major order, whatever their strides in the storage; offset and strides are in elements. */
    private ByteBuffer gather(String key, DType dtype, long offset, int[] shape, int[] strides) throws IOException {
        ByteBuffer storage = storage(key);
        int size = dtype.bytes();
        long bytes = TensorSize.bytes(dtype, shape);
        long last = offset;
        long contiguous = 1;
        boolean rowMajor = true;
        for (int i = shape.length - 1; i >= 0; i--) {
            last += TensorSize.times(Math.max(0, shape[i] - 1), strides[i]);
            rowMajor &= shape[i] == 1 || strides[i] == contiguous;
            contiguous = TensorSize.times(contiguous, shape[i]);
        }
        if (bytes > 0 && (offset < 0 || last < 0 || last >= storage.capacity() / size || bytes > Integer.MAX_VALUE)) {
            throw new CheckpointException(path + ": a tensor reaches beyond its storage " + prefix + "data/" + key);
        }
        if (rowMajor || bytes == 0) {
            return storage.slice((int) (bytes == 0 ? 0 : offset * size), (int) bytes)
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        if (bytes > 16L * storage.capacity()) { // strides of 0 repeat elements: fine, but not without bound
            throw new CheckpointException(path + ": a tensor is far larger than its storage " + prefix + "data/" + key);
        }
        ByteBuffer out = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        int[] index = new int[shape.length];
        for (long element = 0; element < contiguous; element++) {
            long at = offset;
            for (int i = 0; i < shape.length; i++) {
                at += (long) index[i] * strides[i];
            }
            out.put((int) element * size, storage, (int) at * size, size);
            for (int i = shape.length - 1; i >= 0 && ++index[i] == shape[i]; i--) {
                index[i] = 0;
            }
        }
        return out;
    }

    private ByteBuffer storage(String key) throws IOException {
        ByteBuffer known = storages.get(key);
        if (known != null) {
            return known;
        }
        ZipEntry entry = zip.getEntry(prefix + "data/" + key);
        if (entry == null) {
            throw new CheckpointException(path + ": the storage " + prefix + "data/" + key + " is missing");
        }
        ByteBuffer storage = ByteBuffer.wrap(content(entry, Math.min(Integer.MAX_VALUE - 16L, claimable(entry))));
        storages.put(key, storage);
        return storage;
    }

    /** Deflate reaches a factor of about 1000 at most; torch stores without it. A claim beyond that is a bomb. */
    private static long claimable(ZipEntry entry) {
        return entry.getMethod() == ZipEntry.STORED
                ? entry.getCompressedSize()
                : TensorSize.times(64, entry.getCompressedSize());
    }
}
