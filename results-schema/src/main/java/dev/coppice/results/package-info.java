/**
 * What a job and a result are, and how they are stored: {@link dev.coppice.results.JobSpec} is one cell of the grid,
 * {@link dev.coppice.results.JobId} its identity, {@link dev.coppice.results.ResultRow} what came out of it. No Spark,
 * no mathematics.
 */
@NullMarked
package dev.coppice.results;

import org.jspecify.annotations.NullMarked;
