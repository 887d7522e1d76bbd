package dev.coppice.worker.weights;

import dev.coppice.worker.compute.HostArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins arrays that flax cuts into pieces because they are over 1 GiB: a map {@code NAME} with the axes as
 * {@code NAME/shape/0, 1, ...} and flat pieces {@code NAME/chunks/0, 1, ...}.
 */
final class FlaxChunks {

    private static final String FIRST = "/chunks/0";

    private FlaxChunks() {}

    /** The arrays with the pieces joined; others as they are. {@code numbers} are the integers of the tree by name. */
    static Map<String, HostArray> joined(Path path, Map<String, HostArray> arrays, Map<String, Long> numbers) {
        Map<String, HostArray> joined = new LinkedHashMap<>();
        arrays.forEach((name, array) -> {
            int chunks = name.indexOf("/chunks/");
            boolean piece = chunks >= 0
                    && arrays.containsKey(name.substring(0, chunks) + FIRST)
                    && numbers.containsKey(name.substring(0, chunks) + "/shape/0");
            if (!piece) {
                joined.put(name, array);
            } else if (name.endsWith(FIRST)) {
                String whole = name.substring(0, chunks);
                joined.put(whole, join(path, whole, arrays, numbers));
            }
        });
        return joined;
    }

    private static HostArray join(Path path, String name, Map<String, HostArray> arrays, Map<String, Long> numbers) {
        List<HostArray> pieces = new ArrayList<>();
        long bytes = 0;
        for (HostArray piece = arrays.get(name + FIRST);
                piece != null;
                piece = arrays.get(name + "/chunks/" + pieces.size())) {
            pieces.add(piece);
            bytes += piece.bytes().remaining();
        }
        int[] shape = shape(name, numbers);
        HostArray first = pieces.get(0);
        if (bytes > Integer.MAX_VALUE
                || bytes != TensorSize.bytes(first.dtype(), shape)
                || pieces.stream().anyMatch(piece -> piece.dtype() != first.dtype())) {
            throw new CheckpointException(path + ": the pieces of " + name + " have " + bytes
                    + " bytes, which is not what its shape and dtype need, or over 2 GiB");
        }
        ByteBuffer whole = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        pieces.forEach(piece -> whole.put(piece.bytes().duplicate()));
        return new HostArray(first.dtype(), shape, whole.flip());
    }

    private static int[] shape(String name, Map<String, Long> numbers) {
        List<Integer> axes = new ArrayList<>();
        for (Long axis = numbers.get(name + "/shape/0");
                axis != null;
                axis = numbers.get(name + "/shape/" + axes.size())) {
            axes.add((int) Math.max(0, Math.min(axis, Integer.MAX_VALUE)));
        }
        return axes.stream().mapToInt(Integer::intValue).toArray();
    }
}
