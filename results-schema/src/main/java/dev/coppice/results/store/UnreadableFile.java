package dev.coppice.results.store;

/**
 * A file among the results that is no table, such as one that another program left there.
 *
 * @param path where it is
 * @param reason what is wrong with it
 */
public record UnreadableFile(String path, String reason) {}
