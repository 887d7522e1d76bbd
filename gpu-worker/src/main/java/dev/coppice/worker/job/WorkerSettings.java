package dev.coppice.worker.job;

import java.io.Serializable;
import java.util.List;

/**
 * What an executor needs to know to run jobs.
 *
 * @param backend cpu, nd4j or cuda
 * @param devices addresses of the devices that jobs share evenly where Spark assigns none; empty for the only one
 * @param threads processor threads of a job
 * @param cacheBytes bound of the cache of models and scores
 * @param samples whether jobs write what they did with each example, too
 */
public record WorkerSettings(String backend, List<String> devices, int threads, long cacheBytes, boolean samples)
        implements Serializable {

    public WorkerSettings {
        devices = List.copyOf(devices);
    }
}
