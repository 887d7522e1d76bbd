package dev.coppice.worker.compute.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The kernels' sources, which lie beside the classes. */
final class KernelTexts {

    /** What kernels may include. */
    static final List<String> HEADERS = List.of(
            "common.cuh",
            "element.cuh",
            "half_tiles.cuh",
            "packed.cuh",
            "steps.cuh",
            "tensor_cores.cuh",
            "tile_product.cuh");

    private KernelTexts() {}

    /** The text of a source. */
    static String of(String file) {
        try (InputStream in = KernelTexts.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no kernel source " + file + " among the classes");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the kernel source " + file, e);
        }
    }
}
