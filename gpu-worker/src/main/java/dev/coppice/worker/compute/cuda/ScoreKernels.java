package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.TokenScores;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Log-probabilities of targets by {@code score.cu}: logits of some rows and a panel of the vocabulary at a time. */
final class ScoreKernels {

    static final KernelSource SOURCE = new KernelSource("score.cu");
    static final List<KernelSource> SOURCES = List.of(SOURCE);

    private static final int ROWS = 4096;
    private static final int PANEL = 8192; // with ROWS, 128 MiB of logits
    private static final int THREADS = 256;
    private static final int BEST_WORDS = 3; // of one row: largest logit, its id, the sum

    private final CudaRuntime runtime;
    private final MatrixProducts products;

    ScoreKernels(CudaRuntime runtime, MatrixProducts products) {
        this.runtime = runtime;
        this.products = products;
    }

    /** Scores of the given rows of hidden (.., D) for head (V, D). */
    TokenScores score(CudaTensor hidden, int[] rows, int[] targets, CudaTensor head, @Nullable CudaTensor bias) {
        float[] logProbability = new float[rows.length];
        boolean[] greedy = new boolean[rows.length];
        for (int from = 0; from < rows.length; from += ROWS) {
            int count = Math.min(ROWS, rows.length - from);
            int[] part = Arrays.copyOfRange(rows, from, from + count);
            int[] wanted = Arrays.copyOfRange(targets, from, from + count);
            float[] results = new float[0];
            int depth = runtime.arena().open();
            try {
                results = runtime.read(part(hidden, part, wanted, head, bias));
            } finally {
                runtime.arena().close(depth, List.of());
            }
            for (int r = 0; r < count; r++) {
                logProbability[from + r] = results[r];
                greedy[from + r] = results[count + r] != 0;
            }
        }
        return new TokenScores(logProbability, greedy);
    }

    /** (2, rows): log-probability, and 1 where the target has the largest logit. */
    private CudaTensor part(CudaTensor hidden, int[] rows, int[] targets, CudaTensor head, @Nullable CudaTensor bias) {
        int count = rows.length;
        int width = head.columns();
        int vocabulary = head.shape()[0];
        CudaTensor inputs = runtime.allocate(hidden.dtype(), count, width);
        RowKernels.gather(runtime, hidden, runtime.ints(rows), inputs);
        CudaTensor x = ElementKernels.convert(runtime, inputs, head.dtype());
        CudaTensor logits = runtime.allocate(DType.FLOAT32, count, Math.min(PANEL, vocabulary));
        CudaTensor best = runtime.allocate(DType.FLOAT32, count, BEST_WORDS);
        CudaTensor target = runtime.allocate(DType.FLOAT32, count);
        long ids = runtime.ints(targets);
        for (int token = 0; token < vocabulary; token += PANEL) {
            int panel = Math.min(PANEL, vocabulary - token);
            products.product(
                    count,
                    panel,
                    width,
                    MatrixProducts.Operand.of(x),
                    new MatrixProducts.Operand(
                            head.dtype(),
                            head.address() + (long) token * width * head.dtype().bytes(),
                            width),
                    new MatrixProducts.Operand(DType.FLOAT32, logits.address(), panel),
                    null);
            runtime.launch(SOURCE, "score_panel")
                    .grid(count)
                    .block(THREADS)
                    .pointer(logits)
                    .int32(panel)
                    .pointer(bias)
                    .int32(token)
                    .pointer(ids)
                    .pointer(best)
                    .pointer(target)
                    .run();
        }
        CudaTensor results = runtime.allocate(DType.FLOAT32, 2, count);
        runtime.launch(SOURCE, "score_end")
                .grid((count + THREADS - 1) / THREADS)
                .block(THREADS)
                .pointer(best)
                .pointer(target)
                .pointer(ids)
                .int32(count)
                .pointer(results)
                .run();
        return results;
    }
}
