/**
 * One job from its ticket to its row: load, score, mask, compact, evaluate. Holds the registries of model families,
 * tasks, methods and backends, and the cache that concurrent jobs of an executor share.
 */
@NullMarked
package dev.coppice.worker.job;

import org.jspecify.annotations.NullMarked;
