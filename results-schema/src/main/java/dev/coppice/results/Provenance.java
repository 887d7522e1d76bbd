package dev.coppice.results;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to make a row again, or to say why it differs.
 *
 * @param version version of Coppice
 * @param gitCommit commit it was built from, with "-dirty" when sources were changed; null outside a checkout
 * @param java runtime version and vendor
 * @param os name, version and architecture
 * @param cpu processor's name
 * @param driver device driver's version; null on the CPU
 * @param backend name of the Compute backend
 * @param libraries versions of the numeric libraries and of Spark
 * @param modelSha256 fingerprint of the checkpoint
 * @param dataSha256 SHA-256 of the evaluation data
 * @param host name of the machine
 */
public record Provenance(
        String version,
        @Nullable String gitCommit,
        String java,
        String os,
        String cpu,
        @Nullable String driver,
        String backend,
        Map<String, String> libraries,
        String modelSha256,
        @Nullable String dataSha256,
        String host)
        implements Serializable {

    public Provenance {
        libraries = Collections.unmodifiableMap(new TreeMap<>(libraries));
    }
}
