package dev.coppice.worker.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The small files that a model reads beside its weights: its configs, its tokenizer, and what config.json names in the same
 * folder, such as a permutation. Notes about a model, such as training results, are none of them.
 */
public final class SideFiles {

    private static final String CONFIG = "config.json";
    private static final List<String> FIXED = List.of(
            CONFIG,
            "mamba_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "tokenizer.model",
            "vocab.json",
            "merges.txt");
    private static final List<String> OF_OTHERS =
            List.of("added_tokens.json", "generation_config.json", "special_tokens_map.json");
    private static final long MAX_CONFIG_BYTES = 16L << 20;

    private SideFiles() {}

    /**
     * The files beside the weights that a copy of the model needs, here and in the programs that it was published for: those that
     * are read here, and what Hugging Face's libraries look for. In the order of their names; no weight files.
     */
    public static List<Path> published(Path folder) {
        Set<String> names = new TreeSet<>(FIXED);
        names.addAll(OF_OTHERS);
        named(folder.resolve(CONFIG), names);
        return names.stream()
                .map(folder::resolve)
                .filter(file -> Files.isRegularFile(file) && !Checkpoints.isWeightFile(file))
                .toList();
    }

    /** Those that are there, in the order of their names; none when {@code folder} is a weight file itself. */
    static List<Path> in(Path folder) {
        Set<String> names = new TreeSet<>(FIXED);
        named(folder.resolve(CONFIG), names);
        return names.stream().map(folder::resolve).filter(Files::isRegularFile).toList();
    }

    /**
     * The content of a file that config.json names. What it names lies in the same folder: a config is untrusted, and its
     * names do not lead elsewhere.
     *
     * @param maxBytes most that such a file can have
     * @throws CheckpointException when {@code name} is no file's name, or the file is missing, larger or unreadable
     */
    public static byte[] read(Path folder, String name, long maxBytes) {
        if (!FileBytes.isPlainName(name)) {
            throw new CheckpointException(
                    folder.resolve(CONFIG) + ": \"" + name + "\" is not the name of a file in this folder");
        }
        Path file = folder.resolve(name);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(Math.toIntExact(maxBytes + 1));
            if (content.length > maxBytes) {
                throw new CheckpointException(
                        file + ": has more than " + maxBytes + " bytes, the most that it can need");
            }
            return content;
        } catch (NoSuchFileException e) {
            throw new CheckpointException(file + ": there is no such file, and config.json names it", e);
        } catch (IOException e) {
            throw new CheckpointException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static void named(Path config, Set<String> names) {
        try {
            if (Files.isRegularFile(config) && Files.size(config) <= MAX_CONFIG_BYTES) {
                for (JsonNode value : ConfigJson.read(Files.readAllBytes(config))) {
                    if (value.isTextual() && FileBytes.isPlainName(value.textValue())) {
                        names.add(value.textValue());
                    }
                }
            }
        } catch (IOException e) {
            throw new CheckpointException(config + ": is no readable JSON: " + e.getMessage(), e);
        }
    }
}
