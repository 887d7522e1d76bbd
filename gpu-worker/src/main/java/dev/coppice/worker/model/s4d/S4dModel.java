package dev.coppice.worker.model.s4d;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.input.Input;
import dev.coppice.worker.model.BatchNormalised;
import dev.coppice.worker.model.DiagonalStates;
import dev.coppice.worker.model.DiscreteParameters;
import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.LoadedClassifier;
import dev.coppice.worker.model.ModelBatch;
import dev.coppice.worker.model.NamedArray;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.StatePrunable;
import dev.coppice.worker.model.StoredClassifier;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.model.layer.BatchNorm;
import dev.coppice.worker.model.layer.ChannelStatistics;
import dev.coppice.worker.model.layer.Linear;
import dev.coppice.worker.model.layer.MatrixInputs;
import dev.coppice.worker.model.layer.StoredMatrix;
import dev.coppice.worker.weights.Checkpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;

/** An S4D classifier on the host. Its systems are kept in discrete form, so that pruned models are models like others. */
public final class S4dModel
        implements StoredClassifier,
                LayeredModel,
                StatePrunable<S4dModel>,
                BatchNormalised<S4dModel>,
                DiscreteParameters {

    private final S4dConfig config;
    private final S4dWeights weights;

    S4dModel(S4dConfig config, S4dWeights weights) {
        this.config = config;
        this.weights = weights;
    }

    @Override
    public S4dConfig config() {
        return config;
    }

    @Override
    public int classes() {
        return config.classes();
    }

    @Override
    public int sequenceLength() {
        return config.steps();
    }

    @Override
    public SequenceBatch encode(List<Input> inputs) {
        return config.encoder().encode(inputs);
    }

    @Override
    public LoadedClassifier on(Compute compute) {
        return new LoadedS4d(config, weights, compute);
    }

    @Override
    public long parameters() {
        return weights.parametersOutsideMixers() + mixerParameters();
    }

    /** A, B (where it is stored), C, step sizes and skip weights. */
    @Override
    public long mixerParameters() {
        int perPole = config.variant() == S4dVariant.FULL ? 4 : 2;
        return sum(layer -> perPole * layer.system().distinctPoles()
                + 2L * layer.system().directions() * layer.system().states()
                + 2L * config.channels());
    }

    @Override
    public long stateSize() {
        return sum(layer -> 2L * layer.system().directions() * layer.system().states());
    }

    @Override
    public long bytes() {
        return weights.bytes();
    }

    private long sum(ToLongFunction<S4dLayer> count) {
        return weights.layers().stream().mapToLong(count).sum();
    }

    @Override
    public List<DiagonalStates> states() {
        List<DiagonalStates> states = new ArrayList<>();
        for (S4dLayer layer : weights.layers()) {
            states.add(layer.system().magnitudes(states.size()));
        }
        return states;
    }

    @Override
    public S4dModel zeroed(KeptStates kept) {
        return pruned(kept, S4dSystem::zeroed);
    }

    @Override
    public S4dModel compacted(KeptStates kept) {
        return pruned(kept, S4dSystem::compacted);
    }

    @Override
    public Change storedZeros(Checkpoint checkpoint, KeptStates kept) {
        requireFits(kept);
        return S4dStored.zeros(config, checkpoint, kept);
    }

    @Override
    public Change storedSmaller(Checkpoint checkpoint, KeptStates kept) {
        throw S4dStored.refusal(config);
    }

    private void requireFits(KeptStates kept) {
        kept.requireFits(
                weights.layers().stream().map(layer -> layer.system().states()).toList());
    }

    private S4dModel pruned(KeptStates kept, BiFunction<S4dSystem, boolean[], S4dSystem> prune) {
        requireFits(kept);
        List<S4dLayer> layers = new ArrayList<>();
        for (S4dLayer layer : weights.layers()) {
            layers.add(layer.with(prune.apply(layer.system(), kept.layers().get(layers.size()))));
        }
        return new S4dModel(config, weights.with(layers));
    }

    @Override
    public int layers() {
        return weights.layers().size();
    }

    @Override
    public List<WeightMatrix> matrices() {
        return config.matrices();
    }

    @Override
    public HostArray matrix(String name) {
        WeightMatrix matrix = WeightMatrix.named(name, matrices());
        float[] values = weights.layers().get(matrix.layer()).output().weight();
        return HostArray.ofFloats(values, matrix.outputs(), matrix.inputs());
    }

    @Override
    public S4dModel replacing(Map<String, HostArray> others) {
        List<S4dLayer> layers = new ArrayList<>(weights.layers());
        others.forEach((name, values) -> {
            int layer = WeightMatrix.named(name, matrices()).checked(values).layer();
            S4dLayer before = layers.get(layer);
            layers.set(
                    layer,
                    before.with(new Linear(values.toFloats(), before.output().bias())));
        });
        return new S4dModel(config, weights.with(layers));
    }

    @Override
    public Tensor enter(Compute compute, ModelBatch batch) {
        return LoadedS4d.encoder(config, weights, compute).run(compute, (SequenceBatch) batch);
    }

    @Override
    public Layer layer(int index, Compute compute) {
        LoadedS4dLayer layer =
                new LoadedS4dLayer(config, index, weights.layers().get(index), compute);
        Map<String, List<String>> inputs = Map.of(
                LoadedS4dLayer.prefix(index) + "glu_in",
                List.of(matrices().get(index).name()));
        return (stream, batch, observer) -> {
            SequenceBatch own = (SequenceBatch) batch;
            return layer.run(compute, stream, own.lengths(), new MatrixInputs(inputs, own, observer));
        };
    }

    @Override
    public Change storedMatrices(Checkpoint checkpoint) {
        Map<String, HostArray> tensors = new LinkedHashMap<>();
        for (WeightMatrix matrix : matrices()) {
            float[] values = matrix(matrix.name()).toFloats();
            tensors.put(matrix.name(), StoredMatrix.like(checkpoint.read(matrix.name()), values));
        }
        return new Change(tensors, Map.of());
    }

    @Override
    public boolean hasBatchNorm() {
        return config.hasBatchNorm();
    }

    @Override
    public S4dModel withStatisticsOf(List<SequenceBatch> batches, Compute compute, Runnable check) {
        List<S4dLayer> layers = new ArrayList<>(weights.layers());
        for (int number = 0; number < layers.size(); number++) {
            S4dLayer layer = layers.get(number);
            if (layer.norm() instanceof BatchNorm norm) {
                S4dModel upToHere = new S4dModel(config, weights.with(layers.subList(0, number + 1)));
                layers.set(
                        number,
                        layer.with(norm.with(ChannelStatistics.of(
                                upToHere, batches, "layer" + number + ".norm_in", compute, check))));
            }
        }
        S4dModel renewed = new S4dModel(config, weights.with(layers));
        return weights.finalNorm() instanceof BatchNorm last
                ? new S4dModel(
                        config,
                        renewed.weights.with(
                                last.with(ChannelStatistics.of(renewed, batches, "final_norm_in", compute, check))))
                : renewed;
    }

    /** lam_bar and b_bar (H, n), or (S) in a compacted model, and the kernel (D, H, T) of each layer. */
    @Override
    public List<NamedArray> discreteParameters() {
        List<NamedArray> arrays = new ArrayList<>();
        for (int layer = 0; layer < weights.layers().size(); layer++) {
            S4dSystem system = weights.layers().get(layer).system();
            String name = "layer" + layer + ".";
            int[] shape = system.states() == config.channels() * config.perChannel()
                    ? new int[] {config.channels(), config.perChannel()}
                    : new int[] {system.states()};
            arrays.add(new NamedArray(name + "lam_bar_re", shape, system.lamBarRe()));
            arrays.add(new NamedArray(name + "lam_bar_im", shape, system.lamBarIm()));
            arrays.add(new NamedArray(name + "b_bar_re", shape, system.bBarRe()));
            arrays.add(new NamedArray(name + "b_bar_im", shape, system.bBarIm()));
            int[] kernelShape = {system.directions(), config.channels(), config.steps()};
            arrays.add(new NamedArray(name + "kernel", kernelShape, system.kernels(config.steps())));
        }
        return arrays;
    }
}
