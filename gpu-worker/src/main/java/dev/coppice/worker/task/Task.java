package dev.coppice.worker.task;

import dev.coppice.worker.input.InputSpec;

/** Something that a model is evaluated on. */
public interface Task {

    /** Name in configs and tables, such as smnist. */
    String name();

    /** Raised whenever the same model would get another number. */
    String version();

    /** Name of the metric that tables show, such as accuracy. */
    String metric();

    /** Whether more of the metric is better. */
    boolean higherIsBetter();

    /** How the metric is computed, in a word. */
    String protocol();

    /** Which part of the data, such as test. */
    String split();

    /** What its examples are, for models to accept or refuse. */
    InputSpec inputs();
}
