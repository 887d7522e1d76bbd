package dev.coppice.worker.weights;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The golden cases of the long-range classifiers, in src/test/resources/fixtures/lra. */
public final class Fixtures {

    /** Cases with S5 models. */
    public static final List<String> S5 = List.of(
            "s5_uni_zoh_halfglu1",
            "s5_bi_zoh_halfglu2",
            "s5_bi_bilinear_fullglu_layernorm",
            "s5_bi_bilinear_fullglu_postnorm",
            "s5_uni_gelu_noconj",
            "s5_retrieval",
            "s5_pixel_pool",
            "s5_pixel_last",
            "s5_rescale_clip");

    /** Cases with S4D models. */
    public static final List<String> S4D = List.of(
            "s4d_standalone_prenorm",
            "s4d_standalone_postnorm",
            "s4d_full_bi_zoh",
            "s4d_full_bi_bilinear",
            "s4d_full_uni_bilinear");

    private Fixtures() {}

    /** The folder of a case. */
    public static Path folder(String name) {
        return resource("lra/" + name);
    }

    /** A file or folder below src/test/resources/fixtures. */
    static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(Fixtures.class.getResource("/fixtures/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A tensor file of a case, such as io.safetensors. */
    public static Checkpoint open(String name, String file) {
        return Checkpoints.open(folder(name), file);
    }
}
