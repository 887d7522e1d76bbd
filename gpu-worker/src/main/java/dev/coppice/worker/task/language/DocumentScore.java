package dev.coppice.worker.task.language;

/**
 * What a model reached on a document.
 *
 * @param index number in the data, from 0
 * @param verdict right or wrong, and how likely
 * @param predicted tokens that were scored
 * @param tokens tokens that the requests feed to a model, shared beginnings counted for each
 * @param truncated requests whose context was cut to the limit
 */
public record DocumentScore(int index, Judgement.Verdict verdict, long predicted, long tokens, long truncated) {}
