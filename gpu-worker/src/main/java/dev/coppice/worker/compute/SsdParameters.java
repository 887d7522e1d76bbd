package dev.coppice.worker.compute;

import org.jspecify.annotations.Nullable;

/**
 * The part of a Mamba-2 recurrence that does not depend on the input. Head h reads x-head h div (heads / xHeads), B-group
 * h div (heads / bGroups) and C-group h div (heads / cGroups).
 *
 * @param heads H
 * @param xHeads heads that x has, a divisor of H; fewer than H where they are repeated (grouped hybrids)
 * @param bGroups groups that B has, a divisor of H
 * @param cGroups groups that C has, a divisor of H
 * @param headWidth P
 * @param states N
 * @param step how a row's dt becomes a decay and an input scale
 * @param a A = -exp(A_log), (H); of no meaning for {@link SsdStep#DISCRETE}
 * @param dtBias (H) or null
 * @param dtMin lower bound of dt after softplus
 * @param dtMax upper bound of dt after softplus, possibly infinite
 * @param d D, (H), or null
 */
public record SsdParameters(
        int heads,
        int xHeads,
        int bGroups,
        int cGroups,
        int headWidth,
        int states,
        SsdStep step,
        float @Nullable [] a,
        float @Nullable [] dtBias,
        double dtMin,
        double dtMax,
        float @Nullable [] d) {}
