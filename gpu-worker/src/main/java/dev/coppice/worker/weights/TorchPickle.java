package dev.coppice.worker.weights;

import dev.coppice.worker.compute.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tensors in a torch checkpoint's pickle. Only tensors and parameters are taken from it, whatever else it mentions. */
final class TorchPickle {

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

    /** Keys under which training programs keep the state_dict: Lightning's, the tutorials', state-spaces/s4 example.py's. */
    private static final List<String> NESTED = List.of("state_dict", "model_state_dict", "model");

    private final String source;

    private TorchPickle(String source) {
        this.source = source;
    }

    /**
     * The tensors of a state_dict, or of the one inside a training checkpoint, in the order of the file.
     *
     * @param source name of the file, for messages
     * @param root what its pickle describes
     * @throws CheckpointException when there is none or a tensor is of an unsupported kind
     */
    static Map<String, TorchTensor> tensors(String source, @Nullable Object root) {
        Map<?, ?> top = root instanceof Map<?, ?> map ? map : Map.of();
        Map<?, ?> dictionary = NESTED.stream()
                .map(top::get)
                .flatMap(value -> value instanceof Map<?, ?> inner ? Stream.of(inner) : Stream.empty())
                .findFirst()
                .<Map<?, ?>>map(inner -> inner)
                .orElse(top);
        Map<String, TorchTensor> tensors = new LinkedHashMap<>();
        TorchPickle reader = new TorchPickle(source);
        dictionary.forEach((name, value) -> {
            TorchTensor tensor = name instanceof String text ? reader.tensor(text, value) : null;
            if (tensor != null) {
                tensors.put((String) name, tensor);
            }
        });
        if (tensors.isEmpty()) {
            throw new CheckpointException(source + ": holds no dictionary of tensors. Save the model's state_dict(),"
                    + " by itself or under one of " + String.join(", ", NESTED));
        }
        return tensors;
    }

    /** The tensor that a value describes; null for anything that is none. */
    private @Nullable TorchTensor tensor(String name, @Nullable Object value) {
        Pickle.Call call = rebuilding(value);
        if (call != null && isFunction(call, "_rebuild_parameter") && argument(call, 0) instanceof Pickle.Call inner) {
            call = rebuilding(inner);
        }
        if (call == null) {
            return null;
        }
        if (!isFunction(call, "_rebuild_tensor_v2")) {
            throw new CheckpointException(source + ": tensor " + name + " is made by " + call.function()
                    + ", which is not supported; save it as a plain dense tensor");
        }
        return view(name, call);
    }

    /** A call of one of torch's functions that make tensors; null for anything else. */
    private static Pickle.@Nullable Call rebuilding(@Nullable Object value) {
        return value instanceof Pickle.Call call
                        && call.function() instanceof Pickle.Named function
                        && function.module().equals("torch._utils")
                        && function.name().startsWith("_rebuild_")
                ? call
                : null;
    }

    private static boolean isFunction(Pickle.Call call, String name) {
        return call.function() instanceof Pickle.Named function
                && function.name().equals(name);
    }

    private static @Nullable Object argument(Pickle.Call call, int index) {
        return call.arguments() instanceof List<?> list && index < list.size() ? list.get(index) : null;
    }

    /** _rebuild_tensor_v2(storage, offset, shape, strides, ...), where storage is ("storage", type, key, device, length). */
    private TorchTensor view(String name, Pickle.Call call) {
        int[] shape = axes(name, argument(call, 2));
        int[] strides = axes(name, argument(call, 3));
        if (!(argument(call, 0) instanceof Pickle.Persistent storage)
                || !(storage.id() instanceof List<?> id)
                || id.size() < 3
                || !(id.get(1) instanceof Pickle.Named type)
                || !(id.get(2) instanceof String key)
                || !(argument(call, 1) instanceof Long offset)
                || offset < 0
                || shape.length != strides.length) {
            throw new CheckpointException(source + ": tensor " + name + " is not described as torch does it");
        }
        DType dtype = STORAGES.get(type.name());
        if (dtype == null) {
            throw new CheckpointException(source + ": tensor " + name + " is of the unsupported type " + type);
        }
        return new TorchTensor(key, dtype, offset, shape, strides);
    }

    private int[] axes(String name, @Nullable Object tuple) {
        if (!(tuple instanceof List<?> list) || list.size() > MAX_AXES) {
            throw new CheckpointException(source + ": tensor " + name + " has no proper shape and strides");
        }
        int[] axes = new int[list.size()];
        for (int i = 0; i < axes.length; i++) {
            if (!(list.get(i) instanceof Long axis) || axis < 0 || axis > Integer.MAX_VALUE) {
                throw new CheckpointException(
                        source + ": tensor " + name + " has an impossible shape or stride along axis " + i);
            }
            axes[i] = axis.intValue();
        }
        return axes;
    }
}
