package dev.coppice.worker.task;

import java.util.stream.Stream;

/** Labelled sequences. */
public interface ClassificationTask extends Task {

    /** Number of examples in the data, limit not applied. */
    int size();

    /**
     * The examples in the data's order.
     *
     * @throws DataException when the data is not what its layout says; the message names file and row
     */
    Stream<LabelledExample> examples();
}
