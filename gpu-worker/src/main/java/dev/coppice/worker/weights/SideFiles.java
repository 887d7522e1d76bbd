package dev.coppice.worker.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The small files that a model reads beside its weights: its configs, its tokenizer, and what config.json names in the same
 * folder, such as a permutation. Notes about a model, such as training results, are none of them.
 */
final class SideFiles {

    private static final String CONFIG = "config.json";
    private static final List<String> FIXED = List.of(
            CONFIG,
            "mamba_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "tokenizer.model",
            "vocab.json",
            "merges.txt");
    private static final long MAX_CONFIG_BYTES = 16L << 20;

    private SideFiles() {}

    /** Those that are there, in the order of their names; none when {@code folder} is a weight file itself. */
    static List<Path> in(Path folder) {
        Set<String> names = new TreeSet<>(FIXED);
        named(folder.resolve(CONFIG), names);
        return names.stream().map(folder::resolve).filter(Files::isRegularFile).toList();
    }

    private static void named(Path config, Set<String> names) {
        try {
            if (Files.isRegularFile(config) && Files.size(config) <= MAX_CONFIG_BYTES) {
                for (JsonNode value : new ObjectMapper().readTree(Files.readAllBytes(config))) {
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
