package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;
import java.util.List;
import java.util.Map;

/** The part of a block that mixes tokens along a sequence. */
public interface Mixer {

    /** On a device. */
    Loaded on(Compute compute);

    /** Number of parameters. */
    long parameters();

    /** Recurrent state of one sequence in real numbers; 0 where it grows with the sequence. */
    long stateSize();

    /** What it keeps of each token of a sequence in real numbers, keys and values; 0 where a state of one size is all. */
    long cacheSize();

    /** Its matrices, in the order of use. */
    List<Projection> projections();

    /** A mixer whose weights are on a device. */
    interface Loaded {

        /**
         * Mixes packed sequences.
         *
         * @param x (R, D)
         * @param before this layer's state that the sequences go on from; empty at their beginning
         */
        Mixed run(Tensor x, Flow flow, Map<String, Tensor> before);
    }

    /**
     * What mixing gives.
     *
     * @param y (R, D)
     * @param state after the sequences, by the names of {@link LanguageState}; empty where nothing is carried
     */
    record Mixed(Tensor y, Map<String, Tensor> state) {}
}
