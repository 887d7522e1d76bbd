package dev.coppice.worker.prune.structure;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.model.mamba2.Mamba2Shape.Part;
import dev.coppice.worker.prune.Calibration;
import dev.coppice.worker.prune.PruningInputs;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sees a Mamba-2 mixer run on the calibration batches and passes on what goes into its recurrence. */
abstract class RecurrenceWatching implements PartScore.Watching {

    private final Mamba2Shape shape;
    private final String projected;
    private final String convolved;
    private final Calibration calibration;
    private final double @Nullable [] rates; // A (H), null in discrete mixers
    private final double @Nullable [] shifts; // dt_bias (H)
    private double[] steps = {}; // of the batch being run: dt before bias and softplus, (R, H)
    private int batch;

    RecurrenceWatching(Mamba2Mixer mixer, Function<String, double[]> stored, PruningInputs inputs) {
        shape = mixer.shape();
        projected = mixer.inProj().name() + Mamba2Mixer.PROJECTED;
        convolved = mixer.prefix() + Mamba2Mixer.CONVOLVED;
        calibration = inputs.calibration();
        boolean continuous = shape.step() == SsdStep.CONTINUOUS;
        rates = continuous ? stored.apply("A_log") : null;
        shifts = continuous ? stored.apply("dt_bias") : null;
        for (int h = 0; rates != null && h < rates.length; h++) {
            rates[h] = -StrictMath.exp(rates[h]);
        }
    }

    /** Takes the inputs of the next batch. */
    abstract void take(RecurrenceInputs inputs, Compute lane);

    @Override
    public final void see(String name, Compute lane, Tensor tensor) {
        if (name.equals(projected)) {
            steps = steps(lane.download(tensor));
        } else if (name.equals(convolved)) {
            TokenBatch own = (TokenBatch) calibration.batches().get(batch++);
            double[] scale = new double[steps.length];
            double[] logDecay = new double[steps.length];
            for (int i = 0; i < steps.length; i++) {
                int h = i % shape.heads();
                double dt = shifts == null ? softplus(steps[i]) : softplus(steps[i] + shifts[h]);
                double bounded = Math.min(Math.max(dt, shape.dtMin()), shape.dtMax());
                scale[i] = rates == null ? 1 : bounded;
                logDecay[i] = rates == null ? -dt : bounded * rates[h];
            }
            take(new RecurrenceInputs(shape, own.segments(), lane.download(tensor), scale, logDecay), lane);
        }
    }

    private double[] steps(float[] all) {
        int width = shape.projected();
        double[] own = new double[all.length / width * shape.heads()];
        for (int i = 0; i < own.length; i++) {
            own[i] = all[i / shape.heads() * width + shape.from(Part.DT) + i % shape.heads()];
        }
        return own;
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }
}
