package dev.coppice.worker.compute;

/**
 * How likely given tokens were.
 *
 * @param logProbability natural logarithm, for each scored row
 * @param greedy whether the token had the largest logit; the lowest id wins a tie
 */
public record TokenScores(float[] logProbability, boolean[] greedy) {}
