package dev.coppice.worker.model.s5;

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
import dev.coppice.worker.model.layer.StoredMatrix;
import dev.coppice.worker.weights.Checkpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** An S5 classifier on the host. Its systems are kept in discrete form, so that pruned models are models like others. */
public final class S5Model
        implements StoredClassifier,
                LayeredModel,
                StatePrunable<S5Model>,
                BatchNormalised<S5Model>,
                DiscreteParameters {

    private final S5Config config;
    private final S5Weights weights;

    S5Model(S5Config config, S5Weights weights) {
        this.config = config;
        this.weights = weights;
    }

    @Override
    public S5Config config() {
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
        return new LoadedS5(config, weights, compute);
    }

    @Override
    public long parameters() {
        return weights.parametersOutsideMixers() + mixerParameters();
    }

    @Override
    public long mixerParameters() {
        return weights.layers().stream()
                .mapToLong(layer -> layer.system().parameterCount())
                .sum();
    }

    @Override
    public long stateSize() {
        return weights.layers().stream()
                .mapToLong(layer ->
                        2L * layer.system().directions() * layer.system().states())
                .sum();
    }

    @Override
    public long bytes() {
        return weights.bytes();
    }

    @Override
    public List<DiagonalStates> states() {
        List<DiagonalStates> states = new ArrayList<>();
        for (S5Layer layer : weights.layers()) {
            states.add(layer.system().magnitudes(states.size()));
        }
        return states;
    }

    @Override
    public S5Model zeroed(KeptStates kept) {
        return pruned(kept, S5System::zeroed);
    }

    @Override
    public S5Model compacted(KeptStates kept) {
        return pruned(kept, S5System::compacted);
    }

    @Override
    public Change storedZeros(Checkpoint checkpoint, KeptStates kept) {
        requireFits(kept);
        return S5Stored.zeros(config, checkpoint, kept);
    }

    @Override
    public Change storedSmaller(Checkpoint checkpoint, KeptStates kept) {
        requireFits(kept);
        return S5Stored.smaller(config, checkpoint, kept);
    }

    private void requireFits(KeptStates kept) {
        kept.requireFits(
                weights.layers().stream().map(layer -> layer.system().states()).toList());
    }

    private S5Model pruned(KeptStates kept, BiFunction<S5System, boolean[], S5System> prune) {
        List<S5Layer> layers = new ArrayList<>();
        requireFits(kept);
        for (S5Layer layer : weights.layers()) {
            layers.add(layer.with(prune.apply(layer.system(), kept.layers().get(layers.size()))));
        }
        return new S5Model(config, weights.with(layers));
    }

    @Override
    public int layers() {
        return weights.layers().size();
    }

    @Override
    public List<WeightMatrix> matrices() {
        S5Matrices matrices = new S5Matrices(config);
        List<WeightMatrix> all = new ArrayList<>();
        for (int layer = 0; layer < layers(); layer++) {
            all.addAll(matrices.of(layer, weights.layers().get(layer).system().states()));
        }
        return all;
    }

    @Override
    public HostArray matrix(String name) {
        WeightMatrix matrix = WeightMatrix.named(name, matrices());
        float[] values = new S5Matrices(config).read(weights.layers().get(matrix.layer()), matrix);
        return HostArray.ofFloats(values, matrix.outputs(), matrix.inputs());
    }

    @Override
    public S5Model replacing(Map<String, HostArray> others) {
        S5Matrices reader = new S5Matrices(config);
        List<S5Layer> layers = new ArrayList<>(weights.layers());
        others.forEach((name, values) -> {
            WeightMatrix matrix = WeightMatrix.named(name, matrices()).checked(values);
            layers.set(matrix.layer(), reader.with(layers.get(matrix.layer()), matrix, values.toFloats()));
        });
        return new S5Model(config, weights.with(layers));
    }

    @Override
    public Tensor enter(Compute compute, ModelBatch batch) {
        return LoadedS5.encoder(config, weights.encoder(), compute).run(compute, (SequenceBatch) batch);
    }

    @Override
    public Layer layer(int index, Compute compute) {
        return new CalibratedS5Layer(config, index, weights.layers().get(index), compute);
    }

    @Override
    public Change storedMatrices(Checkpoint checkpoint) {
        Map<String, HostArray> tensors = new LinkedHashMap<>();
        for (WeightMatrix matrix : matrices()) {
            float[] values = S5Matrices.stored(matrix, matrix(matrix.name()).toFloats());
            tensors.put(matrix.name(), StoredMatrix.like(checkpoint.read(matrix.name()), values));
        }
        return new Change(tensors, Map.of());
    }

    @Override
    public boolean hasBatchNorm() {
        return config.hasBatchNorm();
    }

    @Override
    public S5Model withStatisticsOf(List<SequenceBatch> batches, Compute compute, Runnable check) {
        List<S5Layer> layers = new ArrayList<>(weights.layers());
        for (int number = 0; number < layers.size(); number++) {
            S5Layer layer = layers.get(number);
            if (layer.norm() instanceof BatchNorm norm) {
                S5Model upToHere = new S5Model(config, weights.with(layers.subList(0, number + 1)));
                layers.set(
                        number,
                        layer.with(norm.with(ChannelStatistics.of(
                                upToHere, batches, "layer" + number + ".norm_in", compute, check))));
            }
        }
        return new S5Model(config, weights.with(layers));
    }

    /** lam_bar (P) and b_bar (P, H) of each layer. */
    @Override
    public List<NamedArray> discreteParameters() {
        List<NamedArray> arrays = new ArrayList<>();
        for (int layer = 0; layer < weights.layers().size(); layer++) {
            S5System system = weights.layers().get(layer).system();
            String name = "layer" + layer + ".";
            int[] vector = {system.states()};
            int[] matrix = {system.states(), config.channels()};
            arrays.add(new NamedArray(name + "lam_bar_re", vector, system.lamBarRe()));
            arrays.add(new NamedArray(name + "lam_bar_im", vector, system.lamBarIm()));
            arrays.add(new NamedArray(name + "b_bar_re", matrix, everySecond(system.bBar(), 0)));
            arrays.add(new NamedArray(name + "b_bar_im", matrix, everySecond(system.bBar(), 1)));
        }
        return arrays;
    }

    private static double[] everySecond(double[] pairs, int first) {
        double[] values = new double[pairs.length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = pairs[2 * i + first];
        }
        return values;
    }
}
