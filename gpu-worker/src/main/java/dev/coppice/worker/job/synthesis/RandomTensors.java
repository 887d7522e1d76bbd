package dev.coppice.worker.job.synthesis;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Narrowing;
import dev.coppice.worker.model.language.LanguageConfig;
import dev.coppice.worker.model.language.ModelTensors;
import dev.coppice.worker.weights.OutgoingTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The tensors that a language model's config asks for, with random elements. */
public final class RandomTensors {

    private static final int PIECE_BYTES = 1 << 20;

    private RandomTensors() {}

    /**
     * All tensors of a model, made up only when they are written.
     *
     * @param dtype floating type of all of them
     * @param seed the same seed gives the same bytes
     * @throws dev.coppice.worker.model.ModelException when the config does not say how large its vocabulary is
     */
    public static List<OutgoingTensor> of(LanguageConfig config, DType dtype, long seed) {
        return ModelTensors.required(config).entrySet().stream()
                .map(entry -> tensor(entry.getKey(), dtype, entry.getValue(), seed))
                .toList();
    }

    private static OutgoingTensor tensor(String name, DType dtype, int[] shape, long seed) {
        InitialValues.Element element = InitialValues.of(name, shape, seed);
        long elements = 1;
        for (int length : shape) {
            elements = Math.multiplyExact(elements, (long) length);
        }
        long count = elements;
        return new OutgoingTensor(name, dtype, shape, sink -> write(element, count, dtype, sink));
    }

    private static void write(InitialValues.Element element, long count, DType dtype, OutgoingTensor.Sink sink)
            throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < count; i++) {
            Narrowing.put(piece, dtype, element.at(i));
            if (!piece.hasRemaining()) {
                sink.write(piece.flip());
                piece.clear();
            }
        }
        sink.write(piece.flip());
    }
}
