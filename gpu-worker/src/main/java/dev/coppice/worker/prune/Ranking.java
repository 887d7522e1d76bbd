package dev.coppice.worker.prune;

import java.math.BigDecimal;
import java.util.List;

/** Everything that a method knows of a model before the ratio is known: as a rule, the score of each unit. Threads may share it. */
public interface Ranking {

    /**
     * The mask that prunes {@code ratio}, in [0, 1], of the units.
     *
     * @param inputs as for the ranking; of a device of the calling thread's own
     */
    Mask mask(BigDecimal ratio, PruningInputs inputs);

    /** Remarks on the scores that belong in a row, such as unstable eigenvalues by layer; empty when there are none. */
    List<String> flags();

    /** Host memory of the scores, in bytes. */
    long bytes();
}
