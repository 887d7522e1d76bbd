package dev.coppice.worker.compute;

import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a sequence model on one device. Every result is a fresh tensor of the
 * innermost open {@link Scope}; no operation changes its arguments. A wrong shape is an
 * {@link IllegalArgumentException}; too little memory is a {@link ComputeMemoryException}.
 *
 * <p>Letters: B sequences, T time steps, H channels, R rows (the product of all axes but the last), P states.
 * An instance is used by one thread at a time.
 */
public interface Compute extends AutoCloseable {

    /** Where it runs. */
    Device device();

    /** Its arithmetic. */
    Precision precision();

    /** The operations of language models on this compute's tensors. */
    LanguageOps language();

    /** The choice of weights to prune; null where the processor's loops over the stored weights are as good. */
    default @Nullable WeightOps weights() {
        return null;
    }

    /** Opens a scope; the caller closes it. */
    Scope scope();

    /**
     * Runs {@code work} in a scope of its own and moves its result to the scope around it; everything else that
     * {@code work} has made is freed.
     */
    Tensor scoped(Supplier<Tensor> work);

    /** As {@link #scoped}, for work with several results. */
    List<Tensor> scopedAll(Supplier<List<Tensor>> work);

    /**
     * Runs {@code task} for the pieces 0 to {@code pieces} - 1, side by side where the device allows it. Each call gets
     * a lane: a Compute that sees the tensors of this one and whose own tensors end with the call. Which lane runs which
     * piece has no influence on the results. The first failure is thrown once all running pieces have ended.
     */
    void parallel(int pieces, LaneTask task);

    /**
     * Runs work of the processor that uses no tensor, for the pieces 0 to {@code pieces} - 1, side by side on as many threads as the
     * compute was given. The first failure is thrown once all running pieces have ended.
     */
    default void onHost(int pieces, IntConsumer work) {
        parallel(pieces, (piece, lane) -> work.accept(piece));
    }

    /** Time steps (over all sequences of a batch) that suit the device for one call of a lane. */
    int preferredSteps();

    /** Highest number of bytes that this compute's tensors have taken at one time. */
    long peakBytes();

    /** Says that nobody will use {@code tensor} any more: its memory may serve others before its scope is closed. */
    default void release(Tensor tensor) {}

    /** A tensor with these values, row-major. */
    Tensor tensor(float[] values, int... shape);

    /** The values of {@code tensor}, row-major. */
    float[] download(Tensor tensor);

    /** x W' + bias: x (R, in), weight (out, in), bias (out) or null; result (R, out), leading axes as in x. */
    Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias);

    /** Rows of {@code table} (vocabulary, H) by id: ids (B * T), result (B, T, H). */
    Tensor embedding(int[] ids, int sequences, Tensor table);

    /** Layer norm over the channels with biased variance: x (R, H), scale (H), bias (H). */
    Tensor layerNorm(Tensor x, Tensor scale, Tensor bias, double epsilon);

    /** x * scale + shift in each channel, which is batch norm with running statistics: x (R, H), both (H). */
    Tensor channelAffine(Tensor x, Tensor scale, Tensor shift);

    /** Channel sums of x (R, H), for re-estimating batch statistics. */
    Moments moments(Tensor x);

    /** Brings an S5 layer onto the device. */
    MimoSsm prepare(MimoParameters parameters);

    /** Brings an S4D layer onto the device; {@code steps} is the T it will be run at most. */
    SisoSsm prepare(SisoParameters parameters, int steps);

    /** Brings what follows the system in an S5 or S4D layer onto the device. */
    default GatedUnit prepare(GatedUnitParameters parameters) {
        return GatedUnit.inParts(this, parameters);
    }

    /** y of {@link MimoParameters} for u (B, T, H); result (B, T, H). */
    Tensor mimo(MimoSsm ssm, Tensor u);

    /** The same of {@code before} u. */
    default Tensor mimo(MimoSsm ssm, Tensor u, Affine before) {
        return mimo(ssm, channelAffine(u, before.scale(), before.shift()));
    }

    /** y of {@link SisoParameters} for u (B, T, H); result (B, T, H). */
    Tensor siso(SisoSsm ssm, Tensor u);

    /** x (B, T, H) with the steps from lengths[b] on set to zero; lengths (B). */
    Tensor maskSteps(Tensor x, int[] lengths);

    /** GELU of each element. */
    Tensor gelu(Tensor x, Gelu form);

    /** value * sigmoid(gate) + residual, element by element; residual may be null. All of one shape. */
    Tensor gate(Tensor value, Tensor gate, @Nullable Tensor residual);

    /** Gated linear unit of x (R, 2H): x[:, :H] * sigmoid(x[:, H:]); result (R, H). */
    Tensor glu(Tensor x);

    /** a + b, element by element. */
    Tensor add(Tensor a, Tensor b);

    /** Mean over the first lengths[b] steps of x (B, T, H); result (B, H). */
    Tensor meanPool(Tensor x, int[] lengths);

    /** The last step of x (B, T, H); result (B, H). */
    Tensor lastStep(Tensor x);

    /** Logarithm of the softmax over the last axis: x (R, C). */
    Tensor logSoftmax(Tensor x);

    @Override
    void close();
}
