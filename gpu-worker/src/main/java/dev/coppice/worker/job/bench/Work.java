package dev.coppice.worker.job.bench;

/**
 * Floating-point operations of one sequence: matrix products, scans and transforms. Element-by-element work is left out, so
 * that a rate of these operations can be held against the rate of a matrix product alone.
 */
final class Work {

    private static final int DIRECTIONS = 2;

    private Work() {}

    /** Operations of one sequence with {@code states} states a layer (S5) or a channel (S4D). */
    static double flops(Preset preset, LayerKind kind, int states) {
        double layer = kind == LayerKind.S5 ? s5(preset, states) : s4d(preset);
        double channels = preset.channels();
        double encoder = preset.tokens() ? 0 : 2 * channels * preset.inputs() * preset.steps();
        return preset.layers() * layer + encoder + 2 * channels * preset.classes();
    }

    /**
     * A real by a complex matrix into the states (4 H P), a complex multiply-add in each (8 P) and a complex by a real part
     * out of them (4 P H) in both directions, and the gate's product (2 H^2).
     */
    private static double s5(Preset preset, int states) {
        double channels = preset.channels();
        double in = 4 * channels * states;
        double scan = DIRECTIONS * 8.0 * states;
        double out = DIRECTIONS * 4 * channels * states;
        return preset.steps() * (in + scan + out + 2 * channels * channels);
    }

    /**
     * Two complex Fourier transforms a channel, counted as 5 N log2 N for N the power of two that holds the sequence, and the
     * product into the gated unit (4 H^2 a step). The number of states does not enter.
     */
    private static double s4d(Preset preset) {
        double channels = preset.channels();
        int levels = Integer.SIZE - Integer.numberOfLeadingZeros(preset.steps() - 1);
        double transforms = 2 * 5.0 * levels * (1 << levels);
        return channels * transforms + preset.steps() * 4 * channels * channels;
    }
}
