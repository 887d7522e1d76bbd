package dev.coppice.worker.prune.structure;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.ModelBatch;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.BlockModel;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.prune.PruningInputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The calibration text's loss with one more unit removed, for each that might be. The stream before a layer is the same whatever is removed from there
 * on, so a round runs about half of layers^2 layers.
 */
final class RemovalLosses {

    private final PruningInputs inputs;
    private final List<LayeredModel.Layer> layers = new ArrayList<>();
    private final List<LayeredModel.@Nullable Layer> without =
            new ArrayList<>(); // null where nothing of the block is left
    private final AssembledModel model;
    private final UnaryOperator<Tensor> norm;
    private final Matrix head;
    private final @Nullable Tensor headBias;

    /** Brings the model's layers into the innermost open scope of the inputs' compute. */
    RemovalLosses(AssembledModel model, Removal removal, Set<Integer> units, PruningInputs inputs) {
        this.model = model;
        this.inputs = inputs;
        Compute compute = inputs.compute();
        AssembledModel bare = removal == Removal.MIXER ? removal.without(model, units) : model;
        for (int i = 0; i < model.layers(); i++) {
            layers.add(model.layer(i, compute));
            without.add(removal == Removal.MIXER ? bare.layer(i, compute) : null);
        }
        BlockModel parts = model.parts();
        norm = parts.finalNorm().on(compute);
        head = compute.language().matrix(parts.head());
        float[] bias = parts.headBias();
        headBias = bias == null ? null : compute.tensor(bias, bias.length);
    }

    /**
     * Mean loss of a token for each candidate that is removed beside those that are already.
     *
     * @return by layer; of no meaning for layers that are no candidates
     */
    double[] of(Set<Integer> removed, Set<Integer> candidates) {
        double[] losses = new double[layers.size()];
        long tokens = 0;
        for (ModelBatch batch : inputs.calibration().batches()) {
            TokenBatch own = (TokenBatch) batch;
            int[] rows = predicting(own.segments());
            tokens += rows.length;
            add(own, rows, removed, candidates, losses);
        }
        long all = tokens;
        return Arrays.stream(losses).map(loss -> loss / all).toArray();
    }

    private void add(TokenBatch batch, int[] rows, Set<Integer> removed, Set<Integer> candidates, double[] losses) {
        Compute compute = inputs.compute();
        float[] stream; // (rows, D)
        try (Scope scope = compute.scope()) {
            stream = compute.download(model.enter(compute, batch));
        }
        for (int i = 0; i < layers.size(); i++) {
            try (Scope scope = compute.scope()) {
                Tensor before = compute.tensor(stream, batch.rows(), stream.length / batch.rows());
                if (candidates.contains(i)) {
                    inputs.check();
                    losses[i] += loss(batch, rows, before, i, removed);
                }
                stream = compute.download(step(batch, before, i, removed.contains(i)));
            }
        }
    }

    /** Summed loss where layer {@code first} and those of {@code removed} behind it are gone. */
    private double loss(TokenBatch batch, int[] rows, Tensor before, int first, Set<Integer> removed) {
        Compute compute = inputs.compute();
        Tensor stream = before;
        for (int j = first; j < layers.size(); j++) {
            int layer = j;
            Tensor x = stream;
            boolean gone = j == first || removed.contains(j);
            if (!gone || without.get(j) != null) {
                stream = compute.scoped(() -> step(batch, x, layer, gone));
            }
        }
        int[] targets = Arrays.stream(rows).map(row -> batch.ids()[row + 1]).toArray();
        double sum = 0;
        for (float logProbability : compute.language()
                .score(norm.apply(stream), rows, targets, head, headBias)
                .logProbability()) {
            sum -= logProbability;
        }
        return sum;
    }

    private Tensor step(TokenBatch batch, Tensor stream, int layer, boolean gone) {
        LayeredModel.Layer own = gone ? without.get(layer) : layers.get(layer);
        return own == null ? stream : own.run(stream, batch, Observer.NONE);
    }

    /** Rows that a token follows. */
    private static int[] predicting(Segments segments) {
        return IntStream.range(0, segments.count())
                .flatMap(s -> IntStream.range(segments.start(s), segments.start(s) + segments.length(s) - 1))
                .toArray();
    }
}
