package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.TokenScores;
import dev.coppice.worker.compute.nd4j.Ops.Transposed;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** How likely targets are, a block of rows' logits at a time. */
final class TokenScoring {

    private static final long MAX_LOGITS = 8L << 20; // of one block

    private final Ops ops;
    private final INDArray head; // (V, D)
    private final @Nullable INDArray bias; // (V)

    TokenScoring(Ops ops, INDArray head, @Nullable INDArray bias) {
        this.ops = ops;
        this.head = head;
        this.bias = bias;
    }

    /** Scores of one target at each of some rows of {@code hidden} (R, D). */
    TokenScores score(INDArray hidden, int[] rows, int[] targets) {
        float[] logProbability = new float[rows.length]; // (rows)
        boolean[] greedy = new boolean[rows.length]; // (rows)
        int most = (int) Math.max(1, MAX_LOGITS / head.size(0));
        for (int from = 0; from < rows.length; from += most) {
            int first = from;
            int count = Math.min(most, rows.length - from);
            int[] some = Arrays.copyOfRange(rows, from, from + count);
            int[] wanted = Arrays.copyOfRange(targets, from, from + count);
            ops.arena().within(() -> {
                INDArray logits = logits(ops.pull(hidden, some));
                float[] chosen = chosen(logits, wanted);
                int[] best = ops.arena()
                        .own(
                                (long) count * Integer.BYTES,
                                () -> logits.argMax(1).castTo(DataType.INT32))
                        .toIntVector();
                float[] normalisers = logSums(logits);
                for (int i = 0; i < count; i++) {
                    logProbability[first + i] = chosen[i] - normalisers[i];
                    greedy[first + i] = best[i] == wanted[i];
                }
            });
        }
        return new TokenScores(logProbability, greedy);
    }

    private INDArray logits(INDArray rows) {
        INDArray logits = ops.product(ops.operand(rows), head, Transposed.RIGHT);
        return bias == null ? logits : logits.addiRowVector(bias);
    }

    /** Each row's logit of one token. */
    private float[] chosen(INDArray logits, int[] tokens) {
        int vocabulary = (int) logits.size(1);
        int[] places = new int[tokens.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = i * vocabulary + tokens[i];
        }
        return Ops.view(ops.pull(Ops.view(logits, logits.length(), 1), places), places.length)
                .toFloatVector();
    }

    /** log(sum(exp(logits))) of each row; the logits are used up. */
    private float[] logSums(INDArray logits) {
        INDArray most = ops.max(logits, 1);
        INDArray sums = ops.sum(Ops.exp(logits.subiColumnVector(most)), 1);
        return Ops.view(Transforms.log(sums, false).addi(most), logits.size(0)).toFloatVector();
    }
}
