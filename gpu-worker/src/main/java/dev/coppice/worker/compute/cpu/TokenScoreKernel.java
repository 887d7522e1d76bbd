package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.TokenScores;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Log-probabilities of targets: logits are made for a block of rows and of the vocabulary at a time, and of each only the
 * largest and the sum of exponentials below it are kept. R scored rows, V vocabulary, D width, J parts of the vocabulary.
 */
final class TokenScoreKernel {

    private static final int ROWS = 512; // of a piece
    private static final int PANELS = 4; // blocks of the vocabulary in a piece

    private final CpuTensor hidden; // (.., D)
    private final CpuMatrix head; // (V, D)
    private final @Nullable CpuTensor bias; // (V)
    private final int[] rows; // (R)
    private final int[] targets; // (R)
    private final int parts; // J
    private final float[] largest; // (R, J)
    private final double[] sums; // (R, J) of exp(logit - largest)
    private final int[] best; // (R, J) lowest id with the largest logit
    private final float[] target; // (R) logit

    TokenScoreKernel(CpuTensor hidden, int[] rows, int[] targets, CpuMatrix head, @Nullable CpuTensor bias) {
        this.hidden = hidden;
        this.head = head;
        this.bias = bias;
        this.rows = rows;
        this.targets = targets;
        parts = Workers.pieces(head.outputs(), PANELS * MatrixKernel.panel(head));
        largest = new float[rows.length * parts];
        sums = new double[rows.length * parts];
        best = new int[rows.length * parts];
        target = new float[rows.length];
    }

    TokenScores run(Workers workers) {
        workers.run(Workers.pieces(rows.length, ROWS) * parts, (piece, scratch) -> {
            int from = piece / parts * ROWS;
            part(from, Math.min(ROWS, rows.length - from), piece % parts, scratch);
        });
        float[] logProbability = new float[rows.length];
        boolean[] greedy = new boolean[rows.length];
        for (int r = 0; r < rows.length; r++) {
            int top = r * parts;
            for (int i = top + 1; i < (r + 1) * parts; i++) {
                top = largest[i] > largest[top] ? i : top;
            }
            double sum = 0;
            for (int i = r * parts; i < (r + 1) * parts; i++) {
                sum += sums[i] * StrictMath.exp((double) largest[i] - largest[top]);
            }
            logProbability[r] = (float) ((double) target[r] - largest[top] - StrictMath.log(sum));
            greedy[r] = best[top] == targets[r];
        }
        return new TokenScores(logProbability, greedy);
    }

    /** {@code count} rows by one part of the vocabulary. */
    private void part(int from, int count, int part, CpuArena scratch) {
        int width = head.inputs();
        int panel = MatrixKernel.panel(head);
        CpuTensor inputs = scratch.allocate(count, width);
        PackedRows.gather(hidden, rows, from, count, inputs);
        if (head.precision() != Precision.FLOAT32) {
            Rounding.round(head.precision(), inputs.buffer(), 0, count * width, inputs.buffer(), 0);
        }
        CpuTensor logits = scratch.allocate(count, panel);
        CpuTensor widened = head.panel(panel, scratch);
        float[] row = FloatRows.scratch(panel);
        for (int r = from; r < from + count; r++) {
            largest[r * parts + part] = Float.NEGATIVE_INFINITY;
        }
        int end = Math.min(head.outputs(), (part + 1) * PANELS * panel);
        for (int token = part * PANELS * panel; token < end; token += panel) {
            int tokens = Math.min(panel, end - token);
            Blas.timesTransposed(
                    count,
                    tokens,
                    width,
                    new Block(inputs.pointer(), width),
                    new Block(head.rows(token, tokens, widened), width),
                    0f,
                    new Block(logits.pointer(), panel));
            for (int r = 0; r < count; r++) {
                FloatRows.load(logits.buffer(), r * panel, tokens, row);
                take(row, token, tokens, from + r, part);
            }
        }
    }

    /** Takes the logits of {@code tokens} tokens from {@code token} on into what is known of a row. */
    private void take(float[] logits, int token, int tokens, int row, int part) {
        if (bias != null) {
            for (int i = 0; i < tokens; i++) {
                logits[i] += bias.buffer().getFloat((token + i) * Float.BYTES);
            }
        }
        if (targets[row] >= token && targets[row] < token + tokens) {
            target[row] = logits[targets[row] - token];
        }
        Arrays.fill(logits, tokens, logits.length, Float.NEGATIVE_INFINITY); // fills up the last vector
        int at = row * parts + part;
        float max = max(logits, tokens);
        if (!(max <= largest[at])) { // also where it is not a number
            sums[at] *= Math.exp((double) largest[at] - max);
            largest[at] = max;
            best[at] = token + indexOf(max, logits, tokens);
        }
        sums[at] += Functions.sumOfExponentials(logits, tokens, largest[at]);
    }

    private static float max(float[] x, int count) {
        FloatVector most = Lanes.broadcast(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            most = most.max(FloatVector.fromArray(Lanes.SPECIES, x, i));
        }
        float[] lanes = new float[Lanes.COUNT];
        most.intoArray(lanes, 0);
        float max = Float.NEGATIVE_INFINITY;
        for (float lane : lanes) {
            max = Math.max(max, lane);
        }
        return max;
    }

    private static int indexOf(float value, float[] x, int count) {
        int index = 0;
        while (index < count - 1 && x[index] != value) {
            index++;
        }
        return index;
    }
}
