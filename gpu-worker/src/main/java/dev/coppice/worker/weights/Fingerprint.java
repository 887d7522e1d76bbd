package dev.coppice.worker.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What tells one checkpoint from another: SHA-256 over the small text files of its folder (config.json, a permutation, a
 * tokenizer), the tensor index and the weights' content, whole up to 8 MiB and sampled beyond, so that a model of many
 * gigabytes costs milliseconds.
 */
public final class Fingerprint {

    private static final long WHOLE_UP_TO_BYTES = 8L << 20;
    private static final int SAMPLES = 64;
    private static final int SAMPLE_BYTES = 4096;
    private static final long TEXT_UP_TO_BYTES = 64L << 20;

    private Fingerprint() {}

    /**
     * The fingerprint of a model folder.
     *
     * @param weightsFile as in {@link Checkpoints#open}
     * @return 64 hexadecimal digits
     * @throws CheckpointException when the folder or its weights cannot be read
     */
    public static String of(Path folder, @Nullable String weightsFile) {
        MessageDigest digest = sha256();
        Path weights = Checkpoints.locate(folder, weightsFile);
        try {
            for (Path text : textFiles(folder)) {
                part(digest, "text " + text.getFileName() + " " + Files.size(text));
                digest.update(Files.readAllBytes(text));
            }
            try (Checkpoint checkpoint = Checkpoints.open(folder, weightsFile)) {
                for (String name : new TreeSet<>(checkpoint.names())) {
                    TensorInfo info = checkpoint.info(name);
                    part(digest, "tensor " + name + " " + info.dtype() + " " + Arrays.toString(info.shape()));
                }
            }
            for (Path file : contentFiles(folder, weights)) {
                part(digest, "weights " + file.getFileName() + " " + Files.size(file));
                sample(digest, file);
            }
        } catch (IOException e) {
            throw new CheckpointException(folder + ": cannot be read: " + e.getMessage(), e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void part(MessageDigest digest, String label) {
        digest.update((label + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** What a model may read beside its weights; notes about it, such as training results, do not change it. */
    private static List<Path> textFiles(Path folder) throws IOException {
        List<Path> texts = new ArrayList<>();
        for (Path file : files(folder)) {
            String name = String.valueOf(file.getFileName());
            boolean read = name.equals("config.json")
                    || name.equals("mamba_config.json")
                    || name.startsWith("tokenizer")
                    || name.endsWith(".txt");
            if (read && Files.size(file) <= TEXT_UP_TO_BYTES) {
                texts.add(file);
            }
        }
        return texts;
    }

    private static List<Path> contentFiles(Path folder, Path weights) throws IOException {
        if (!weights.toString().endsWith(".index.json")) {
            return List.of(weights);
        }
        List<Path> shards = new ArrayList<>();
        for (Path file : files(folder)) {
            if (file.toString().endsWith(".safetensors")) {
                shards.add(file);
            }
        }
        return shards;
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void sample(MessageDigest digest, Path path) {
        try (FileBytes file = FileBytes.open(path)) {
            if (file.size() <= WHOLE_UP_TO_BYTES) {
                digest.update(file.map(0, file.size()));
                return;
            }
            for (int i = 0; i < SAMPLES; i++) {
                long offset = (file.size() - SAMPLE_BYTES) / (SAMPLES - 1) * i;
                ByteBuffer block = file.map(i == SAMPLES - 1 ? file.size() - SAMPLE_BYTES : offset, SAMPLE_BYTES);
                digest.update(block);
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
