package dev.coppice.worker.compute;

/**
 * What a selective recurrence reads at each of R rows: its widths are said by {@link LanguageOps#ssdScan} and {@link
 * LanguageOps#selectiveScan}.
 *
 * @param x what enters the states
 * @param dt step sizes, before bias and softplus
 * @param b how it enters them
 * @param c how they are read
 */
public record ScanInputs(Columns x, Columns dt, Columns b, Columns c) {}
