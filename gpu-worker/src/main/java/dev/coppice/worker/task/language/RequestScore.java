package dev.coppice.worker.task.language;

/**
 * A model's answer to a {@link ScoringRequest}.
 *
 * @param logProbability sum over the targets, natural logarithm
 * @param greedy whether every target was the likeliest token
 */
public record RequestScore(double logProbability, boolean greedy) {}
