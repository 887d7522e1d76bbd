package dev.coppice.worker.weights;

import dev.coppice.results.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What tells one checkpoint from another: SHA-256 over the small files that a model reads beside its weights, the tensor index
 * and the weights' content, whole up to 8 MiB and sampled beyond, so that a model of many gigabytes costs milliseconds.
 */
public final class Fingerprint {

    private static final long WHOLE_UP_TO_BYTES = 8L << 20;
    private static final int SAMPLES = 64;
    private static final int SAMPLE_BYTES = 4096;

    private Fingerprint() {}

    /**
     * The fingerprint of a model folder. Names of weight files are no part of it: a renamed copy is the same model.
     *
     * @param weightsFile as in {@link Checkpoints#open}
     * @return 64 hexadecimal digits
     * @throws CheckpointException when the folder or its weights cannot be read
     */
    public static String of(Path folder, @Nullable String weightsFile) {
        MessageDigest digest = Sha256.digest();
        for (Path side : SideFiles.in(folder)) {
            try (FileBytes file = FileBytes.open(side)) {
                part(digest, "file " + side.getFileName() + " " + file.size());
                digest.update(file.map(0, file.size()));
            }
        }
        try (Checkpoint checkpoint = Checkpoints.open(folder, weightsFile)) {
            for (String name : new TreeSet<>(checkpoint.names())) {
                TensorInfo info = checkpoint.info(name);
                part(digest, "tensor " + name + " " + info.dtype() + " " + Arrays.toString(info.shape()));
            }
        }
        for (Path weights : Checkpoints.contentFiles(folder, weightsFile)) {
            content(digest, weights);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void part(MessageDigest digest, String label) {
        digest.update((label + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The file's length and content; of a large one its first and last block and those at even distances between. */
    private static void content(MessageDigest digest, Path path) {
        try (FileBytes file = FileBytes.open(path)) {
            part(digest, "weights " + file.size());
            if (file.size() <= WHOLE_UP_TO_BYTES) {
                digest.update(file.map(0, file.size()));
                return;
            }
            long last = file.size() - SAMPLE_BYTES;
            for (int i = 0; i < SAMPLES; i++) {
                digest.update(file.map(last * i / (SAMPLES - 1), SAMPLE_BYTES));
            }
        }
    }
}
