package dev.coppice.worker.job;

import dev.coppice.worker.compute.MemoryShare;
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
 * @param memory of a device, for a job
 */
public record WorkerSettings(
        String backend, List<String> devices, int threads, long cacheBytes, boolean samples, MemoryShare memory)
        implements Serializable {

    public WorkerSettings {
        devices = List.copyOf(devices);
    }

    /** The same with a device's memory for as many jobs. */
    public WorkerSettings withJobsOnADevice(int jobs) {
        return new WorkerSettings(backend, devices, threads, cacheBytes, samples, memory.among(jobs));
    }
}
