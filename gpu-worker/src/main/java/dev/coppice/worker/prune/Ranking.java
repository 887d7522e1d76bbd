package dev.coppice.worker.prune;

import java.math.BigDecimal;
import java.util.List;

/** Scored units of a model: everything a method needs to plan the mask of any ratio. */
public interface Ranking {

    /** The mask that prunes {@code ratio}, in [0, 1], of the units. */
    Mask mask(BigDecimal ratio);

    /** Remarks on the scores that belong in a row, such as unstable eigenvalues by layer; empty when there are none. */
    List<String> flags();

    /** Host memory of the scores, in bytes. */
    long bytes();
}
