package dev.coppice.worker.model;

import java.util.List;

/** A model that shows what its state-space parameters have become, for comparison with a reference. */
public interface DiscreteParameters {

    /** Discretised parameters of every layer, such as lam_bar, b_bar and convolution kernels, by the fixtures' names. */
    List<NamedArray> discreteParameters();
}
