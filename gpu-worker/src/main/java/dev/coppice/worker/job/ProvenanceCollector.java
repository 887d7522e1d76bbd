package dev.coppice.worker.job;

import dev.coppice.results.JobSpec;
import dev.coppice.results.Provenance;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.cpu.CpuBackend;
import java.util.Map;
import java.util.TreeMap;

/** Collects what a row says of how it was made; what belongs to the process is looked up once. */
final class ProvenanceCollector {

    private static final Device PROCESSOR = new CpuBackend().devices().get(0);

    private final BuildInfo build = BuildInfo.current();
    private final String java = Runtime.version() + " " + System.getProperty("java.vendor");
    private final String os = System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
            + System.getProperty("os.arch");
    private final String host = Machine.name();
    private final Map<String, String> libraries = new TreeMap<>();

    /** A collector that adds these versions, by library, to every row. */
    ProvenanceCollector(Map<String, String> libraries) {
        this.libraries.putAll(libraries);
    }

    Provenance of(JobSpec spec, Device device) {
        return new Provenance(
                build.version(),
                build.gitCommit(),
                java,
                os,
                PROCESSOR.name(),
                device.driver(),
                device.backend(),
                libraries,
                spec.modelFingerprint(),
                spec.taskParams().get("dataSha256"),
                host);
    }
}
