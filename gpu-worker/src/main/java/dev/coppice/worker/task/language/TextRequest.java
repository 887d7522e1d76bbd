package dev.coppice.worker.task.language;

/**
 * A question to a language model: how likely is this continuation after this context?
 *
 * @param context may be empty
 * @param continuation what is scored, the space at its start included
 */
public record TextRequest(String context, String continuation) {}
