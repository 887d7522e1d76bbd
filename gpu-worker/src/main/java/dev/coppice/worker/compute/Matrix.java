package dev.coppice.worker.compute;

/** A weight matrix (out, in) on a device in its stored type; see {@link LanguageOps#matrix}. */
public interface Matrix {

    /** Rows of the weight: what a linear map gives. */
    int outputs();

    /** Columns of the weight: what a linear map takes. */
    int inputs();
}
