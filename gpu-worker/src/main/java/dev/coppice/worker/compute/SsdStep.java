package dev.coppice.worker.compute;

/** How the raw dt of a row and head is used by Mamba-2's recurrence. */
public enum SsdStep {
    /** dt = clamp(softplus(raw + bias)), decay exp(dt A), input scaled by dt: Mamba-2 (Dao and Gu 2024). */
    CONTINUOUS,
    /** decay exp(-softplus(raw)) = sigmoid(-raw), input taken as it is: discrete Mamba-2 (Bick et al. 2024). */
    DISCRETE
}
