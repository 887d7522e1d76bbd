package dev.coppice.worker.compute.nd4j;

import java.util.function.Predicate;

/** A library that ND4J computes with; which one a build carries, its profile says. */
enum Nd4jLibrary {
    /** nd4j-native. */
    PROCESSOR("org.nd4j.linalg.cpu.nativecpu.CpuBackend", "nd4j"),
    /** nd4j-cuda-11.6. */
    GPU("org.nd4j.linalg.jcublas.JCublasBackend", "nd4j-cuda");

    private final String backendClass;
    private final String profile;

    Nd4jLibrary(String backendClass, String profile) {
        this.backendClass = backendClass;
        this.profile = profile;
    }

    /**
     * The library of this build. A build that carries the one for GPUs is meant for them, even if that for the processor is there too.
     *
     * @param onClassPath whether there is a class of this name
     * @throws IllegalStateException when there is none; the message names the profiles
     */
    static Nd4jLibrary carried(Predicate<String> onClassPath) {
        for (Nd4jLibrary library : new Nd4jLibrary[] {GPU, PROCESSOR}) {
            if (onClassPath.test(library.backendClass)) {
                return library;
            }
        }
        throw new IllegalStateException(
                "the nd4j backend needs nd4j-native or nd4j-cuda-11.6, and this build carries neither: "
                        + "build with mvn -P" + PROCESSOR.profile + " package, or with mvn -P" + GPU.profile
                        + " package for NVIDIA GPUs (docs/gpu.md)");
    }

    /**
     * Checks that ND4J has loaded this library: it takes the next best in silence when one does not load.
     *
     * @param loaded class of ND4J's backend
     */
    void requireLoaded(String loaded) {
        if (!loaded.equals(backendClass)) {
            throw new IllegalStateException(
                    "the nd4j backend of this build, of the profile " + profile + ", computes with "
                            + backendClass + ", but ND4J has loaded " + loaded
                            + ": take the other library off the class path, and "
                            + "look in ND4J's log for why the first did not load");
        }
    }

    /**
     * Checks that ND4J computes on the GPU that was asked for.
     *
     * @param asked name of the GPU at the address
     * @param seen name of the GPU that ND4J sees there
     */
    static void requireDevice(String asked, String seen) {
        if (!seen.equals(asked)) {
            throw new IllegalStateException("the GPU asked for is a " + asked + ", but ND4J sees a " + seen
                    + " in its place; see CUDA_VISIBLE_DEVICES");
        }
    }
}
