package dev.coppice.worker.prune.structure;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.prune.PruningInputs;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The importance of each part of a mixer, in float64; larger is kept longer. */
interface PartScore {

    /** Whether it watches the mixer on calibration data. */
    boolean calibrated();

    /** Whether it draws random numbers. */
    default boolean random() {
        return false;
    }

    /** Why mixers of this shape have no such score; null when they have. */
    default @Nullable String refusal(MixerShape shape) {
        return null;
    }

    /**
     * Begins to score a layer.
     *
     * @param layer its number
     * @param stored the model's tensors by name, as float64
     */
    Watching begin(int layer, Mixer mixer, Function<String, double[]> stored, PruningInputs inputs);

    /** Sees a layer run on the calibration data, batch by batch; a score that needs none is not shown any. */
    interface Watching extends Observer {

        /** Finite scores; (groups, units). */
        double[][] scores();

        /** What to add behind out_proj, (D), where all but {@code kept} goes; null for nothing. */
        default float @Nullable [] compensation(boolean[] kept) {
            return null;
        }
    }

    /** A score that needs no watching. */
    static Watching of(double[][] scores) {
        return new Watching() {
            @Override
            public void see(String name, Compute lane, Tensor tensor) {}

            @Override
            public double[][] scores() {
                return scores;
            }
        };
    }
}
