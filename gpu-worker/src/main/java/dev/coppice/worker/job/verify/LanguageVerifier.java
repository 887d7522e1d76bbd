package dev.coppice.worker.job.verify;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.model.language.LanguageState;
import dev.coppice.worker.model.language.LoadedLanguageModel;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.CheckpointException;
import java.util.Arrays;
import java.util.Map;

/**
 * Runs a language model on a golden file's {@code input_ids} and {@code batch_input_ids} and compares logits, the residual
 * stream, states, step-by-step decoding and a padded batch, named as in docs/verify.md.
 */
public final class LanguageVerifier {

    private static final String IDS = "input_ids";
    private static final String LOGITS = "logits";
    private static final String HIDDEN = "hidden_states";
    private static final String DECODED = "decode_logits";
    private static final String BATCH = "batch_input_ids";
    private static final String BATCH_LENGTHS = "batch_lengths";
    private static final String BATCH_LOGITS = "batch_logits";

    private final Compute compute;
    private final Checkpoint golden;
    private final Comparisons comparisons;
    private final LoadedLanguageModel model;
    private final int vocabulary;

    private LanguageVerifier(LanguageModel model, Compute compute, Checkpoint golden) {
        this.compute = compute;
        this.golden = golden;
        this.comparisons = new Comparisons(golden, compute);
        this.model = model.on(compute);
        this.vocabulary = model.vocabulary();
    }

    /**
     * Compares all that the golden file has of the model.
     *
     * @throws CheckpointException when the golden file has no inputs or they do not fit the model
     */
    public static Verification verify(LanguageModel model, Compute compute, Checkpoint golden) {
        try (Scope scope = compute.scope()) {
            LanguageVerifier verifier = new LanguageVerifier(model, compute, golden);
            verifier.sequences(verifier.tokens(IDS));
            if (verifier.comparisons.has(BATCH)) {
                verifier.paddedBatch(verifier.tokens(BATCH));
            }
            return verifier.comparisons.result();
        } catch (IllegalArgumentException e) { // the compute's word for operands that do not fit
            throw new CheckpointException(golden.source() + ": its inputs do not fit the model: " + e.getMessage(), e);
        }
    }

    /** Token ids (sequences, steps), a row each. */
    private int[][] tokens(String name) {
        if (!comparisons.has(name)) {
            throw new CheckpointException(golden.source() + ": has no inputs to run the model on; they are a tensor "
                    + name + " (sequences, steps)");
        }
        HostArray ids = golden.read(name);
        if (ids.shape().length != 2 || ids.dtype().floating()) {
            throw new CheckpointException(golden.source() + ": " + name + " is " + ids.dtype() + " "
                    + Arrays.toString(ids.shape()) + ", expected integers (sequences, steps)");
        }
        int steps = ids.shape()[1];
        int[] all = ids.toInts();
        int[][] rows = new int[ids.shape()[0]][];
        for (int b = 0; b < rows.length; b++) {
            rows[b] = Arrays.copyOfRange(all, b * steps, (b + 1) * steps);
        }
        return rows;
    }

    private void sequences(int[][] ids) {
        int batch = ids.length;
        int steps = ids[0].length;
        Stream stream = new Stream(batch, steps);
        LoadedLanguageModel.Forward whole = model.forward(TokenBatch.of(ids), stream);
        comparisons.add(LOGITS, new int[] {batch, steps, vocabulary}, compute.download(model.logits(whole.hidden())));
        stream.compareHidden();
        states("final_state", whole.state());
        if (comparisons.has(DECODED)) {
            decode(ids, steps - golden.info(DECODED).shape()[1]);
        }
    }

    /** Collects the residual stream, layer by layer. */
    private final class Stream implements Observer {

        private final int batch;
        private final int steps;
        private float[] all = {};
        private int layers;
        private int width;

        Stream(int batch, int steps) {
            this.batch = batch;
            this.steps = steps;
        }

        @Override
        public void see(String name, Compute lane, Tensor tensor) {
            if (name.startsWith(HIDDEN + ".") && comparisons.has(HIDDEN)) {
                float[] layer = lane.download(tensor);
                width = tensor.columns();
                int at = all.length;
                all = Arrays.copyOf(all, at + layer.length);
                System.arraycopy(layer, 0, all, at, layer.length);
                layers++;
            } else if (comparisons.has(name)) {
                comparisons.add(name, new int[] {batch, steps, tensor.columns()}, lane.download(tensor));
            }
        }

        void compareHidden() {
            comparisons.add(HIDDEN, new int[] {layers, batch, steps, width}, all);
        }
    }

    private void states(String kind, LanguageState state) {
        for (int i = 0; i < state.layers().size(); i++) {
            for (Map.Entry<String, Tensor> entry : state.layers().get(i).entrySet()) {
                String name = kind + "." + i + "." + entry.getKey();
                Tensor tensor = entry.getValue();
                if (comparisons.has(name) && golden.info(name).shape().length == 4 && tensor.shape().length == 2) {
                    byHead(name, tensor);
                } else {
                    comparisons.add(name, compute, tensor);
                }
            }
        }
    }

    /** A key-value cache of packed rows (B L, heads P) as it is recorded: (B, heads, L, P). */
    private void byHead(String name, Tensor tensor) {
        int[] shape = golden.info(name).shape();
        float[] rows = compute.download(tensor);
        float[] values = new float[rows.length];
        int heads = shape[1];
        int length = shape[2];
        int width = shape[3];
        for (int i = 0; i < rows.length; i++) {
            int row = i / (heads * width);
            int head = i / width % heads;
            values[((row / length * heads + head) * length + row % length) * width + i % width] = rows[i];
        }
        comparisons.add(name, shape, values);
    }

    /** One token at a time, from the states after the first {@code prefix} ones. */
    private void decode(int[][] ids, int prefix) {
        int batch = ids.length;
        int steps = ids[0].length - prefix;
        int[][] begin =
                Arrays.stream(ids).map(row -> Arrays.copyOf(row, prefix)).toArray(int[][]::new);
        LanguageState state = model.forward(TokenBatch.of(begin), Observer.NONE).state();
        states("prefix_state", state);
        int[] ones = new int[batch];
        Arrays.fill(ones, 1);
        int[] parents = new int[batch];
        Arrays.setAll(parents, b -> b);
        float[] logits = new float[batch * steps * vocabulary];
        for (int t = 0; t < steps; t++) {
            int at = prefix + t;
            int[] next = Arrays.stream(ids).mapToInt(row -> row[at]).toArray();
            LoadedLanguageModel.Forward step = model.forward(
                    new TokenBatch(next, Segments.ofLengths(ones), new TokenBatch.Continuation(state, parents)),
                    Observer.NONE);
            float[] own = compute.download(model.logits(step.hidden()));
            for (int b = 0; b < batch; b++) {
                System.arraycopy(own, b * vocabulary, logits, (b * steps + t) * vocabulary, vocabulary);
            }
            state = step.state();
        }
        comparisons.add(DECODED, new int[] {batch, steps, vocabulary}, logits);
    }

    /** Rows of several lengths, padded in the file and packed here; what lies beyond a length is zero in both. */
    private void paddedBatch(int[][] ids) {
        int[] lengths = golden.read(BATCH_LENGTHS).toInts();
        int steps = ids[0].length;
        int[][] rows = new int[ids.length][];
        for (int b = 0; b < rows.length; b++) {
            rows[b] = Arrays.copyOf(ids[b], lengths[b]);
        }
        float[] packed = compute.download(model.logits(model.hidden(TokenBatch.of(rows), Observer.NONE)));
        float[] logits = new float[ids.length * steps * vocabulary];
        int from = 0;
        for (int b = 0; b < rows.length; b++) {
            System.arraycopy(packed, from, logits, b * steps * vocabulary, lengths[b] * vocabulary);
            from += lengths[b] * vocabulary;
        }
        comparisons.add(BATCH_LOGITS, new int[] {ids.length, steps, vocabulary}, logits);
    }
}
