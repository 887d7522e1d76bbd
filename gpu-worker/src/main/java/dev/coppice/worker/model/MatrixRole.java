package dev.coppice.worker.model;

/** What a weight matrix does in its layer. */
public enum MatrixRole {
    /** Into the state-space mixer: in_proj. */
    MIXER_IN,
    /** Out of the state-space mixer: out_proj. */
    MIXER_OUT,
    /** Within the state-space mixer: Mamba-1's x_proj and dt_proj. */
    MIXER_INNER,
    /** Of an attention layer. */
    ATTENTION,
    /** Of an MLP. */
    MLP,
    /** Of the gated linear unit behind the state-space system of a classifier's layer. */
    GLU
}
