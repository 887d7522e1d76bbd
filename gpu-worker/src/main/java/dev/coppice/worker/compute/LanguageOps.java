package dev.coppice.worker.compute;

import org.jspecify.annotations.Nullable;

/**
 * The operations of language models, over packed sequences: the rows of all sequences of a batch follow each other without
 * padding, and {@link Segments} tells where each begins. Each operation uses all threads of its compute; the results do not
 * depend on how many there are, nor, beyond float32 rounding, on what else is in the batch.
 *
 * <p>Letters: R rows (tokens of all sequences), S sequences, D model width, V vocabulary, C channels of a convolution, K its
 * width, H heads, G groups, P head width, N states.
 */
public interface LanguageOps {

    /** Rows that suit the device for one run of a language model. */
    int preferredRows();

    /**
     * Brings a weight (out, in) of float32, float16 or bfloat16 onto the device in its stored type; it may stay where it
     * is, in a mapped file, and must then outlive the result.
     */
    Matrix matrix(HostArray weight);

    /** x W' + bias: x (R, in), weight (out, in), bias (out) or null; result (R, out), in the {@link Precision} of the compute. */
    Tensor linear(Tensor x, Matrix weight, @Nullable Tensor bias);

    /** Rows of {@code table} (V, D) by id; result (R, D). */
    Tensor embedding(int[] ids, Matrix table);

    /** x / sqrt(mean(x^2) + epsilon) * scale over the channels: x (R, D), scale (D). */
    Tensor rmsNorm(Tensor x, Tensor scale, double epsilon);

    /**
     * RMS norm of v = x * silu(gate), separately in each of {@code groups} equal runs of channels, times scale: x and gate
     * (R, D), scale (D).
     */
    Tensor gatedRmsNorm(Columns x, Columns gate, Tensor scale, int groups, double epsilon);

    /** x * silu(gate + bias): x and gate (R, D), bias (D) or null; result (R, D). */
    Tensor siluGate(Columns x, Columns gate, @Nullable Tensor bias);

    /**
     * Depthwise causal convolution of each sequence on its own: y_t = act(bias + sum_k weight[k] x_(t-K+1+k)).
     *
     * @param x (R, C)
     * @param course from windows (S', C, K) of earlier inputs
     * @return y (R, C), and the windows (S, C, K): the last K inputs of each sequence, oldest first, zeros before its start
     */
    Stateful causalConv(Columns x, ConvFilter filter, Course course);

    /**
     * Mamba-2's recurrence (Dao and Gu 2024), evaluated in chunks: S_t = exp(dt_t A) S_(t-1) + dt_t x_t B_t', y_t = S_t C_t + D x_t
     * in each head, with dt and the decay as {@link SsdParameters} say.
     *
     * @param in x (R, xHeads P), dt (R, H), b (R, bGroups N), c (R, cGroups N)
     * @param course from states (S', H, P, N)
     * @return y (R, H P) and the states (S, H, P, N) after each sequence's last row
     */
    Stateful ssdScan(SsdParameters parameters, ScanInputs in, Course course);

    /**
     * Mamba-1's recurrence (Gu and Dao 2023) in each channel: S_t = exp(dt_t A) S_(t-1) + dt_t x_t B_t, y_t = S_t C_t + D x_t with
     * dt = softplus(dt + bias).
     *
     * @param in x and dt (R, C), b and c (R, N)
     * @param course from states (S', C, N)
     * @return y (R, C) and the states (S, C, N) after each sequence's last row
     */
    Stateful selectiveScan(SelectiveParameters parameters, ScanInputs in, Course course);

    /**
     * Rotary positions, half-split form: in each head (x1, x2) becomes (x1 cos - x2 sin, x2 cos + x1 sin) with angle
     * position * frequency.
     *
     * @param x (R, heads P)
     * @param positions of each row (R)
     * @param frequencies in radians a position, (P/2)
     */
    Tensor rotate(Columns x, int[] positions, double[] frequencies);

    /** Causal grouped-query attention with scale 1/sqrt(P); result (R, heads P). */
    Tensor attention(AttentionInputs in);

    /** Each sequence's rows of {@code past} (by {@code parents}), then its rows of x (R, D): what a key-value cache holds. */
    Tensor append(Tensor past, Segments pastSegments, int[] parents, Columns x, Segments segments);

    /** Swish-gated unit: silu(gate) * up, both (R, D). */
    default Tensor swiGlu(Columns gate, Columns up) {
        return siluGate(up, gate, null);
    }

    /** The given rows of x (R, D); result (rows, D). */
    Tensor rows(Tensor x, int[] rows);

    /**
     * Log-probability of one target at each row, without ever holding all logits.
     *
     * @param hidden (R, D), what goes into the head
     * @param rows of {@code hidden} to score, in any order, repeats allowed
     * @param targets token id for each of {@code rows}
     * @param head (V, D)
     * @param bias (V) or null
     */
    TokenScores score(Tensor hidden, int[] rows, int[] targets, Matrix head, @Nullable Tensor bias);
}
