package dev.coppice.worker.job.synthesis;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.language.LanguageConfig;
import dev.coppice.worker.weights.NewFolder;
import dev.coppice.worker.weights.OutgoingTensor;
import dev.coppice.worker.weights.ShardedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes a model's folder with random weights from its config. */
public final class Synthesis {

    private static final List<String> CONFIGS = List.of("config.json", "mamba_config.json");

    private Synthesis() {}

    /**
     * What was made.
     *
     * @param architecture the model's family
     * @param tensors number of tensors
     * @param parameters number of elements of them all
     * @param bytes that they take
     */
    public record Made(String architecture, int tensors, long parameters, long bytes) {}

    /**
     * Writes a folder with the configs and the weights that they ask for.
     *
     * @param folder where config.json is, and a hybrid's mamba_config.json
     * @param out the new folder
     * @param dtype floating type of all tensors
     * @param shardBytes most bytes of a file's tensors
     * @throws ModelException when the config is wrong or no language model's
     * @throws dev.coppice.worker.weights.CheckpointException when {@code out} is not empty or cannot be written
     */
    public static Made write(Path folder, Path out, DType dtype, long seed, long shardBytes) {
        ModelFamilies.Described described = ModelFamilies.describe(folder);
        if (!(described.config() instanceof LanguageConfig config)) {
            throw new ModelException(folder.resolve("config.json") + ": describes a model of the family "
                    + described.family().name() + "; only language models are synthesized");
        }
        List<OutgoingTensor> tensors = RandomTensors.of(config, dtype, seed);
        NewFolder.create(out, made -> {
            for (String name : CONFIGS) {
                if (Files.isRegularFile(folder.resolve(name))) {
                    Files.copy(folder.resolve(name), made.resolve(name));
                }
            }
            ShardedWriter.write(made, tensors, shardBytes, Map.of("format", "pt"));
        });
        long bytes = tensors.stream().mapToLong(OutgoingTensor::bytes).sum();
        return new Made(config.architecture(), tensors.size(), bytes / dtype.bytes(), bytes);
    }
}
