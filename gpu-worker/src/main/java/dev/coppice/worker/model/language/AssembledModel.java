package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.ModelBatch;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.InMemoryCheckpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A language model and what it was put together from, so that a pruned one can be put together in the same way: from the same
 * checkpoint with some tensors replaced. Tensors stay where they are, in mapped files as a rule.
 */
public final class AssembledModel implements LanguageModel {

    private static final Pattern LAYER = Pattern.compile("(.*\\blayers\\.)(\\d+)(\\..*)");

    private final LanguageConfig config;
    private final InMemoryCheckpoint tensors;
    private final BlockModel model;

    private AssembledModel(LanguageConfig config, InMemoryCheckpoint tensors) {
        this.config = config;
        this.tensors = tensors;
        model = ModelTensors.assemble(config, tensors);
    }

    /**
     * The model that {@code config} describes; the checkpoint may then be closed.
     *
     * @throws dev.coppice.worker.weights.CheckpointException when tensors are missing, wrong, or there that the config has no place for
     */
    public static AssembledModel read(LanguageConfig config, Checkpoint checkpoint) {
        return new AssembledModel(config, InMemoryCheckpoint.holding(checkpoint));
    }

    @Override
    public LanguageConfig config() {
        return config;
    }

    /** The tensors that it was put together from, by their published names, in their order. */
    public Checkpoint checkpoint() {
        return tensors;
    }

    /** Its parts. */
    public BlockModel parts() {
        return model;
    }

    @Override
    public int vocabulary() {
        return model.embedding().shape()[0];
    }

    @Override
    public @Nullable Integer contextLimit() {
        return model.contextLimit();
    }

    @Override
    public LoadedLanguageModel on(Compute compute) {
        return new LoadedBlockModel(model, compute);
    }

    @Override
    public long parameters() {
        return model.parameters();
    }

    @Override
    public long mixerParameters() {
        return model.mixerParameters();
    }

    @Override
    public long stateSize() {
        return model.stateSize();
    }

    @Override
    public long cacheSize() {
        return model.cacheSize();
    }

    @Override
    public long bytes() {
        return model.bytes();
    }

    @Override
    public int layers() {
        return model.blocks().size();
    }

    @Override
    public List<WeightMatrix> matrices() {
        return model.matrices();
    }

    @Override
    public HostArray matrix(String name) {
        return tensors.read(name);
    }

    /** {@inheritDoc} Any other tensor can be replaced as well. */
    @Override
    public AssembledModel replacing(Map<String, HostArray> others) {
        return new AssembledModel(config, tensors.replacing(others));
    }

    /**
     * A model of the same family with other mixers or fewer layers.
     *
     * @param mixers of each layer
     * @param others tensors in the place of those of their names, of any shape, and new ones
     * @throws dev.coppice.worker.weights.CheckpointException when they do not fit the mixers
     */
    public AssembledModel reshaped(List<MixerShape> mixers, Map<String, HostArray> others) {
        return new AssembledModel(config.withMixers(mixers), tensors.with(others));
    }

    /**
     * The model of some of its layers, numbered anew.
     *
     * @param layers those that stay, in ascending order
     * @param mixerless those of them that lose their mixers; of families whose blocks have MLPs
     */
    public AssembledModel reduced(List<Integer> layers, Set<Integer> mixerless) {
        List<MixerShape> mixers = new ArrayList<>();
        for (int layer : layers) {
            mixers.add(
                    mixerless.contains(layer)
                            ? new AbsentMixer()
                            : config.mixers().get(layer));
        }
        Map<String, HostArray> left = new LinkedHashMap<>();
        for (String name : tensors.names()) {
            Matcher parts = LAYER.matcher(name);
            if (!parts.matches()) {
                left.put(name, tensors.read(name));
                continue;
            }
            int layer = Integer.parseInt(parts.group(2));
            if (layers.contains(layer) && !(mixerless.contains(layer) && isOfMixer(name, layer))) {
                left.put(parts.group(1) + layers.indexOf(layer) + parts.group(3), tensors.read(name));
            }
        }
        return new AssembledModel(config.withMixers(mixers), tensors.of(left));
    }

    /** Whether a tensor of a layer is its mixer's: named as its matrices are, but for the last two parts. */
    private boolean isOfMixer(String name, int layer) {
        String matrix = model.blocks().get(layer).mixer().projections().get(0).name();
        String inner = matrix.substring(0, matrix.lastIndexOf('.'));
        return name.startsWith(inner.substring(0, inner.lastIndexOf('.') + 1));
    }

    @Override
    public Tensor enter(Compute compute, ModelBatch batch) {
        return compute.language()
                .embedding(((TokenBatch) batch).ids(), compute.language().matrix(model.embedding()));
    }

    @Override
    public Layer layer(int index, Compute compute) {
        LoadedBlock block = new LoadedBlock(model.blocks().get(index), compute);
        return (stream, batch, observer) -> {
            Flow flow = Flow.of((TokenBatch) batch, Carry.NOTHING, observer);
            return block.run(stream, flow, Map.of(), new ArrayList<>()).get(0);
        };
    }
}
