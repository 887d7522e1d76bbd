package dev.coppice.results.store;

import com.jerolba.carpet.annotation.NotNull;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The struct {@code provenance} of a row. */
record ProvenanceColumns(
        @NotNull @Meaning("version of Coppice") String version,

        @Meaning("commit it was built from; null outside a checkout") @Nullable
        String gitCommit,

        @NotNull @Meaning("Java's version and vendor") String java,

        @NotNull @Meaning("operating system, its version and architecture")
        String os,

        @NotNull @Meaning("the processor's name") String cpu,

        @Meaning("version of the device's driver; null on the CPU") @Nullable
        String driver,

        @NotNull @Meaning("compute backend: cpu, nd4j or cuda")
        String backend,

        @NotNull @Meaning("versions of the numeric libraries and of Spark, by name")
        Map<String, String> libraries,

        @NotNull @Meaning("fingerprint of the checkpoint") String modelSha256,

        @Meaning("SHA-256 of the evaluation data; null when it could not be read") @Nullable
        String dataSha256,

        @NotNull @Meaning("name of the machine") String host) {}
