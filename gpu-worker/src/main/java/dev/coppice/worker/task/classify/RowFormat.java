package dev.coppice.worker.task.classify;

import dev.coppice.worker.task.LabelledExample;

/** How an example is written in a line. */
@FunctionalInterface
interface RowFormat {

    /**
     * The example in a line.
     *
     * @param index its number in the data, from 0
     * @param row the line without its end
     * @param place file and line, for messages
     * @throws dev.coppice.worker.task.DataException when the line is not of this format
     */
    LabelledExample parse(int index, String row, String place);
}
