package dev.coppice.worker.weights;

import dev.coppice.worker.compute.HostArray;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.tukaani.xz.XZInputStream;

/** Recorded tensors: safetensors files under xz. */
public final class PackedTensors {

    private PackedTensors() {}

    /** All tensors of {@code packed}, by name. */
    public static Map<String, HostArray> read(Path packed) {
        Map<String, HostArray> tensors = new TreeMap<>();
        try (InputStream in = new XZInputStream(Files.newInputStream(packed))) {
            Path file = Files.createTempFile("tensors", ".safetensors");
            try {
                Files.write(file, in.readAllBytes());
                try (Checkpoint recorded = Checkpoints.open(file, null)) {
                    recorded.names().forEach(tensor -> tensors.put(tensor, recorded.read(tensor)));
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tensors;
    }
}
