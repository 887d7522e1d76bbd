package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.Precision;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The processor: always there, provided the Vector API is switched on and the native OpenBLAS loads. */
public final class CpuBackend implements Backend {

    /** Name of the backend and address of its only device. */
    public static final String NAME = "cpu";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean usesGpus() {
        return false;
    }

    @Override
    public List<Device> devices() {
        return List.of(new Device(NAME, NAME, Processor.name(), null, null));
    }

    @Override
    public Set<Precision> precisions() {
        return EnumSet.of(Precision.FLOAT32, Precision.BFLOAT16, Precision.FLOAT16);
    }

    @Override
    public Compute open(String address, int threads, Precision precision) {
        if (!address.equals(NAME)) {
            throw new IllegalStateException(
                    "the cpu backend has one device, \"cpu\", and none called \"" + address + "\"");
        }
        requireVectorApi();
        requireNative();
        return new CpuCompute(devices().get(0), precision, threads, new MemoryMeter());
    }

    /**
     * Checks that the Vector API is there.
     *
     * @throws IllegalStateException when it is not; the message names the option to add
     */
    public static void requireVectorApi() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new IllegalStateException(
                    "the cpu backend needs the Vector API: start Java with --add-modules jdk.incubator.vector "
                            + "(./coppice and deploy/spark-submit.sh do; with Spark of your own, set spark.driver.extraJavaOptions "
                            + "and spark.executor.extraJavaOptions)");
        }
    }

    /**
     * Loads the native matrix library.
     *
     * @return its version
     * @throws IllegalStateException when it does not load here
     */
    public static String requireNative() {
        try {
            return Blas.description();
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "the native OpenBLAS does not load on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + " (" + e.getMessage()
                            + "): build with -Djavacpp.platform=... of this machine",
                    e);
        }
    }
}
