package dev.coppice.worker.model.layer;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Narrowing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Weights in the type and shape of the tensor that they were read from. */
public final class StoredMatrix {

    private StoredMatrix() {}

    /** An array like {@code before} with these values, row-major. */
    public static HostArray like(HostArray before, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(
                        Math.multiplyExact(values.length, before.dtype().bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            Narrowing.put(bytes, before.dtype(), value);
        }
        return new HostArray(before.dtype(), before.shape(), bytes.flip().order(ByteOrder.LITTLE_ENDIAN));
    }
}
