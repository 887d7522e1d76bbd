package dev.coppice.worker.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Opens checkpoints of any supported format. */
public final class Checkpoints {

    private record Format(String suffix, Function<Path, Checkpoint> open) {}

    /** In the order of recognition. */
    private static final List<String> USUAL_NAMES = List.of("model", "weights", "pytorch_model");

    private static final List<Format> FORMATS = List.of(
            new Format(".safetensors.index.json", ShardedCheckpoint::open),
            new Format(".safetensors", SafetensorsCheckpoint::open),
            new Format(".msgpack", FlaxMsgpack::read),
            new Format(".pt", TorchCheckpoint::open),
            new Format(".pth", TorchCheckpoint::open),
            new Format(".bin", TorchCheckpoint::open),
            new Format(".ckpt", TorchCheckpoint::open));

    private Checkpoints() {}

    /**
     * Opens a model's weights.
     *
     * @param folder the model's folder, or a weight file itself
     * @param weightsFile name of the file in the folder; null for the one called model,
     *     weights or pytorch_model, else the only one of the first kind there is: safetensors (sharded or not), flax msgpack, torch
     * @throws CheckpointException when there is none or it is corrupt; the message says what and where
     */
    public static Checkpoint open(Path folder, @Nullable String weightsFile) {
        Path file = locate(folder, weightsFile);
        return FORMATS.stream()
                .filter(format -> file.toString().endsWith(format.suffix()))
                .findFirst()
                .orElseThrow(
                        () -> new CheckpointException(file + ": not a weight file; known endings are " + endings()))
                .open()
                .apply(file);
    }

    /**
     * The weight file that {@link #open} reads.
     *
     * @throws CheckpointException when there is none
     */
    public static Path locate(Path folder, @Nullable String weightsFile) {
        if (weightsFile != null) {
            if (!FileBytes.isPlainName(weightsFile)) {
                throw new CheckpointException(
                        folder + ": \"" + weightsFile + "\" is not the name of a file in this folder");
            }
            Path file = folder.resolve(weightsFile);
            if (!Files.isRegularFile(file)) {
                throw new CheckpointException(file + ": there is no such file");
            }
            return file;
        }
        if (Files.isRegularFile(folder)) {
            return folder;
        }
        if (!Files.isDirectory(folder)) {
            throw new CheckpointException(folder + ": there is no such model folder");
        }
        List<Path> files = list(folder);
        for (Format format : FORMATS) {
            for (String name :
                    USUAL_NAMES) { // of any format, before files of other names: those may be recorded outputs
                Path usual = folder.resolve(name + format.suffix());
                if (files.contains(usual)) {
                    return usual;
                }
            }
        }
        for (Format format : FORMATS) {
            List<Path> candidates = files.stream()
                    .filter(file -> file.toString().endsWith(format.suffix()))
                    .toList();
            if (!candidates.isEmpty()) {
                return only(folder, format.suffix(), candidates);
            }
        }
        throw new CheckpointException(folder + ": has no weight file; known endings are " + endings());
    }

    /** Whether the ending of its name says that a file holds tensors. */
    static boolean isWeightFile(Path file) {
        return FORMATS.stream().anyMatch(format -> file.toString().endsWith(format.suffix()));
    }

    /** The files that hold the tensors: the weight file, or the shards that an index names, in its order. */
    static List<Path> contentFiles(Path folder, @Nullable String weightsFile) {
        Path file = locate(folder, weightsFile);
        return file.toString().endsWith(".safetensors.index.json") ? ShardedCheckpoint.shards(file) : List.of(file);
    }

    private static Path only(Path folder, String suffix, List<Path> candidates) {
        if (candidates.size() > 1) {
            throw new CheckpointException(folder + ": has several " + suffix + " files ("
                    + String.join(
                            ", ",
                            candidates.stream()
                                    .map(file -> String.valueOf(file.getFileName()))
                                    .toList())
                    + "); say which with `weights`");
        }
        return candidates.get(0);
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new CheckpointException(folder + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    private static String endings() {
        return String.join(", ", FORMATS.stream().map(Format::suffix).toList());
    }
}
