package dev.coppice.results;

import java.io.Serializable;

/**
 * A failed attempt's reason.
 *
 * @param kind what kind of failure
 * @param message what was wrong, where, and what to do
 */
public record Failure(FailureKind kind, String message) implements Serializable {}
