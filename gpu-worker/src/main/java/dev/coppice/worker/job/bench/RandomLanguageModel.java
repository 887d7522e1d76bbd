package dev.coppice.worker.job.bench;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.job.synthesis.Synthesis;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.weights.CheckpointException;
import dev.coppice.worker.weights.NewFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model of a preset's shape with the weights that {@code synthesize} makes, in mapped files as a user's would be. */
public final class RandomLanguageModel implements AutoCloseable {

    private static final long SHARD_BYTES = 5_000_000_000L;

    private final Path folder;
    private final AssembledModel model;

    private RandomLanguageModel(Path folder, LanguagePreset preset, DType dtype, long seed) throws IOException {
        this.folder = folder;
        preset.writeConfig(folder);
        Path weights = folder.resolve(preset.label());
        Synthesis.write(folder, weights, dtype, seed, SHARD_BYTES);
        model = (AssembledModel) ModelFamilies.read(weights, null);
    }

    /**
     * Writes and reads a model; its files lie in the folder for temporary files until it is closed.
     *
     * @param dtype type of the stored weights
     * @throws CheckpointException when the files cannot be written
     */
    public static RandomLanguageModel of(LanguagePreset preset, DType dtype, long seed) {
        try {
            Path folder = Files.createTempDirectory("coppice-bench-");
            try {
                return new RandomLanguageModel(folder, preset, dtype, seed);
            } catch (IOException | RuntimeException | Error e) {
                NewFolder.delete(folder);
                throw e;
            }
        } catch (IOException e) {
            throw new CheckpointException(
                    System.getProperty("java.io.tmpdir") + ": the weights of " + preset.label() + " cannot be written: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The model; of no use after {@link #close}. */
    public AssembledModel model() {
        return model;
    }

    @Override
    public void close() {
        try {
            NewFolder.delete(folder);
        } catch (IOException e) {
            throw new CheckpointException(folder + ": cannot be deleted: " + e.getMessage(), e);
        }
    }
}
