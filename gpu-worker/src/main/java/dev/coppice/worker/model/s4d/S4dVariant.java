package dev.coppice.worker.model.s4d;

/** The two published forms of S4D. */
enum S4dVariant {
    /** models/s4/s4d.py in the model of example.py. */
    STANDALONE,
    /** S4Block with SSMKernelDiag in SequenceModel. */
    FULL
}
