package dev.coppice.worker.model.s4d;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.input.Input;
import dev.coppice.worker.model.BatchNormalised;
import dev.coppice.worker.model.DiagonalStates;
import dev.coppice.worker.model.DiscreteParameters;
import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.model.LoadedClassifier;
import dev.coppice.worker.model.NamedArray;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.model.StatePrunable;
import dev.coppice.worker.model.StoredStates;
import dev.coppice.worker.model.layer.BatchNorm;
import dev.coppice.worker.model.layer.ChannelStatistics;
import dev.coppice.worker.weights.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;

/** An S4D classifier on the host. Its systems are kept in discrete form, so that pruned models are models like others. */
public final class S4dModel
        implements SequenceClassifier,
                StatePrunable<S4dModel>,
                BatchNormalised<S4dModel>,
                DiscreteParameters,
                StoredStates {

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
