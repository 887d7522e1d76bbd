package dev.coppice.worker.compute;

/** {@link SisoParameters} in the form that a Compute runs best; lives as long as the scope it was prepared in. */
public interface SisoSsm {}
