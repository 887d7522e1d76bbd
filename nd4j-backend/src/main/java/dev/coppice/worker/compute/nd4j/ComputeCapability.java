package dev.coppice.worker.compute.nd4j;

import org.jspecify.annotations.Nullable;

/**
 * A GPU's generation, as CUDA numbers it, such as 8.6.
 *
 * @param major 8 of 8.6
 * @param minor 6 of 8.6
 */
record ComputeCapability(int major, int minor) implements Comparable<ComputeCapability> {

    private static final ComputeCapability FIRST = new ComputeCapability(3, 7);
    private static final ComputeCapability LAST = new ComputeCapability(8, 6);

    @Override
    public int compareTo(ComputeCapability other) {
        return major == other.major ? Integer.compare(minor, other.minor) : Integer.compare(major, other.major);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }

    /**
     * Why nd4j-cuda-11.6 does not run on a GPU of this generation; null when it does. It holds machine code for 3.7 to 8.6, and
     * nothing that a driver could translate for others.
     *
     * @param gpu name of the GPU
     */
    @Nullable
    String refusal(String gpu) {
        if (compareTo(FIRST) >= 0 && compareTo(LAST) <= 0) {
            return null;
        }
        String what = gpu + " has compute capability " + this + ", and nd4j-cuda-11.6 runs on " + FIRST + " to " + LAST;
        return compareTo(LAST) > 0 ? what + ": use worker.backend = cuda on this GPU (docs/gpu.md)" : what;
    }
}
