package dev.coppice.worker.prune;

import dev.coppice.worker.compute.Compute;
import org.jspecify.annotations.Nullable;

/** What a method has at hand beside the model. */
public final class PruningInputs {

    private final @Nullable Compute compute;
    private final @Nullable Calibration calibration;
    private final long seed;
    private final Runnable check;

    private PruningInputs(@Nullable Compute compute, @Nullable Calibration calibration, long seed, Runnable check) {
        this.compute = compute;
        this.calibration = calibration;
        this.seed = seed;
        this.check = check;
    }

    /** Nothing but a seed: enough for methods that only read stored numbers. */
    public static PruningInputs seed(long seed) {
        return new PruningInputs(null, null, seed, () -> {});
    }

    /**
     * A device to work on.
     *
     * @param calibration null for a method that needs none
     * @param check called between steps; throws when the work should stop
     */
    public static PruningInputs on(Compute compute, @Nullable Calibration calibration, long seed, Runnable check) {
        return new PruningInputs(compute, calibration, seed, check);
    }

    /** The device, for use by the calling thread. */
    public Compute compute() {
        if (compute == null) {
            throw new IllegalStateException("the method runs the model, and was given no device");
        }
        return compute;
    }

    /** What to watch the model on. */
    public Calibration calibration() {
        if (calibration == null) {
            throw new IllegalStateException("the method needs calibration data, and was given none");
        }
        return calibration;
    }

    /** Seed of a random method. */
    public long seed() {
        return seed;
    }

    /** Throws when the work should stop. */
    public void check() {
        check.run();
    }
}
