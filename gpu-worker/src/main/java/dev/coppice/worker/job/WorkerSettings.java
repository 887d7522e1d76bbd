package dev.coppice.worker.job;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What an executor needs to know to run jobs.
 *
 * @param backend cpu, nd4j or cuda
 * @param device address of the device; null for the one that Spark assigns, or the only one
 * @param threads processor threads of a job
 * @param cacheBytes bound of the cache of models and scores
 * @param samples whether jobs write what they did with each example, too
 */
public record WorkerSettings(String backend, @Nullable String device, int threads, long cacheBytes, boolean samples)
        implements Serializable {}
