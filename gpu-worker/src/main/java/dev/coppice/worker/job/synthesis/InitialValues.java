package dev.coppice.worker.job.synthesis;

import dev.coppice.worker.compute.SplitMix64;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What a tensor holds before training, by its name and shape, as the published models are initialised. */
final class InitialValues {

    private static final float DEVIATION = 0.02f;
    private static final double LEAST_STEP = 1e-3;
    private static final double LARGEST_STEP = 0.1;
    private static final double LARGEST_RATE = 16;

    private InitialValues() {}

    /** Element number {@code index}, row-major, of a tensor. */
    @FunctionalInterface
    interface Element {
        float at(long index);
    }

    /**
     * The elements of a tensor. Each tensor has a random sequence of its own, so that no order matters.
     *
     * @param name as its family names it
     * @param shape length of each axis
     */
    static Element of(String name, int[] shape, long seed) {
        long stream = stream(name, seed);
        int last = shape[shape.length - 1];
        if (name.endsWith("A_log")) {
            return shape.length == 2
                    ? index -> (float) StrictMath.log(index % last + 1) // Mamba-1: S4D-real, A = -1 ... -N
                    : index -> (float) StrictMath.log(1 + (LARGEST_RATE - 1) * SplitMix64.uniform(stream, index));
        }
        if (name.endsWith("dt_bias") || name.endsWith("dt_proj.bias")) {
            return index -> inverseSoftplus(step(SplitMix64.uniform(stream, index)));
        }
        if (name.endsWith("bias")) {
            return index -> 0;
        }
        if (name.endsWith("conv1d.weight")) { // torch's Conv1d: within 1/sqrt(taps) of 0
            double bound = 1 / StrictMath.sqrt(last);
            return index -> (float) (bound * (2 * SplitMix64.uniform(stream, index) - 1));
        }
        if (shape.length == 1) { // scales of norms, and D
            return index -> 1;
        }
        return index -> DEVIATION * NormalQuantiles.of(SplitMix64.bits(stream, index));
    }

    private static double step(double share) {
        double low = StrictMath.log(LEAST_STEP);
        return StrictMath.exp(low + share * (StrictMath.log(LARGEST_STEP) - low));
    }

    private static float inverseSoftplus(double y) {
        return (float) (y + StrictMath.log(-StrictMath.expm1(-y)));
    }

    /** Where the sequence of a tensor starts: the first 64 bits of SHA-256 of the seed and the name. */
    private static long stream(String name, long seed) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
            return ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
