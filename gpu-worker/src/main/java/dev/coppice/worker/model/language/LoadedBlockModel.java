package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TokenScores;
import dev.coppice.worker.model.Observer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A model of blocks on a device. */
final class LoadedBlockModel implements LoadedLanguageModel {

    private final Compute compute;
    private final Matrix embedding;
    private final List<LoadedBlock> layers = new ArrayList<>();
    private final UnaryOperator<Tensor> finalNorm;
    private final Matrix head;
    private final @Nullable Tensor headBias;

    LoadedBlockModel(BlockModel model, Compute compute) {
        this.compute = compute;
        embedding = compute.language().matrix(model.embedding());
        for (Block block : model.blocks()) {
            layers.add(new LoadedBlock(block, compute));
        }
        finalNorm = model.finalNorm().on(compute);
        head = model.head() == model.embedding()
                ? embedding
                : compute.language().matrix(model.head());
        float[] bias = model.headBias();
        headBias = bias == null ? null : compute.tensor(bias, bias.length);
    }

    @Override
    public Forward forward(TokenBatch batch, Observer observer) {
        Flow flow = Flow.of(batch, Carry.STATES, observer);
        List<Map<String, Tensor>> states = new ArrayList<>();
        Tensor hidden = run(batch, flow, observer, states);
        return new Forward(hidden, new LanguageState(flow.lengths(), states));
    }

    @Override
    public Tensor hidden(TokenBatch batch, Observer observer) {
        return run(batch, Flow.of(batch, Carry.NOTHING, observer), observer, new ArrayList<>());
    }

    private Tensor run(TokenBatch batch, Flow flow, Observer observer, List<Map<String, Tensor>> states) {
        List<List<String>> names = new ArrayList<>(); // of each layer's states
        List<Tensor> results = compute.scopedAll(() -> {
            List<Tensor> kept = new ArrayList<>();
            Tensor stream = compute.language().embedding(batch.ids(), embedding);
            observer.see("hidden_states.0", compute, stream);
            int group = (int) Math.ceil(Math.sqrt(layers.size()));
            for (int first = 0; first < layers.size(); first += group) {
                int from = first;
                int to = Math.min(layers.size(), first + group);
                Tensor x = stream;
                List<Tensor> made = compute.scopedAll(() -> layers(from, to, x, batch, flow, observer, names));
                stream = made.get(0);
                kept.addAll(made.subList(1, made.size()));
            }
            kept.add(0, finalNorm.apply(stream));
            return kept;
        });
        int next = 1;
        for (List<String> own : names) {
            Map<String, Tensor> layer = new TreeMap<>();
            for (String name : own) {
                layer.put(name, results.get(next++));
            }
            states.add(layer);
        }
        observer.see("final_norm", compute, results.get(0));
        return results.get(0);
    }

    /**
     * The stream after the layers {@code from} to {@code to}, then their states. Where memory is a stack, streams before it are
     * freed only when this ends, so that as many are held as there are layers in a group and groups.
     */
    private List<Tensor> layers(
            int from, int to, Tensor before, TokenBatch batch, Flow flow, Observer observer, List<List<String>> names) {
        List<Tensor> results = new ArrayList<>();
        Tensor stream = before;
        for (int i = from; i < to; i++) {
            List<String> own = new ArrayList<>();
            Map<String, Tensor> start = batch.start() == null
                    ? Map.of()
                    : batch.start().states().layers().get(i);
            Tensor x = stream;
            LoadedBlock layer = layers.get(i);
            List<Tensor> made = compute.scopedAll(() -> layer.run(x, flow, start, own));
            stream = made.get(0);
            compute.release(x);
            results.addAll(made.subList(1, made.size()));
            names.add(own);
            observer.see("hidden_states." + (i + 1), compute, stream);
        }
        results.add(0, stream);
        return results;
    }

    @Override
    public Tensor logits(Tensor hidden) {
        return compute.language().linear(hidden, head, headBias);
    }

    @Override
    public TokenScores score(Tensor hidden, int[] rows, int[] targets) {
        return compute.language().score(hidden, rows, targets, head, headBias);
    }
}
