package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.Device;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * A GPU as the driver describes it, before ND4J starts: on one that it does not support it would end the process.
 *
 * @param device its name, memory and the driver's CUDA version
 */
record Gpu(Device device, ComputeCapability capability) {

    private static final int NAME_BYTES = 256;

    /**
     * All GPUs, in the driver's order.
     *
     * @throws IllegalStateException when there is no driver, or no CUDA 11; the message says what is missing
     */
    static List<Gpu> all() {
        try {
            Loader.load(cudart.class);
        } catch (LinkageError e) {
            String missing = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
            throw new IllegalStateException(
                    "the nd4j backend needs NVIDIA's driver and CUDA 11.6, whose libraries LD_LIBRARY_PATH must name (docs/gpu.md): "
                            + missing.replaceFirst("^.*\\.so: ", ""), // without the place of JavaCPP's own library
                    e);
        }
        check(() -> cudart.cuInit(0), "starting the CUDA driver");
        int[] count = new int[1];
        check(() -> cudart.cuDeviceGetCount(count), "counting GPUs");
        List<Gpu> gpus = new ArrayList<>();
        for (int ordinal = 0; ordinal < count[0]; ordinal++) {
            gpus.add(describe(ordinal));
        }
        return gpus;
    }

    private static Gpu describe(int ordinal) {
        byte[] name = new byte[NAME_BYTES];
        check(() -> cudart.cuDeviceGetName(name, NAME_BYTES, ordinal), "asking for a GPU's name");
        int[] driver = new int[1];
        check(() -> cudart.cuDriverGetVersion(driver), "asking for the driver's version");
        try (SizeTPointer bytes = new SizeTPointer(1)) {
            check(() -> cudart.cuDeviceTotalMem(bytes, ordinal), "asking for a GPU's memory");
            Device device = new Device(
                    Nd4jBackend.NAME,
                    Integer.toString(ordinal),
                    new String(name, StandardCharsets.UTF_8).split("\0", 2)[0],
                    bytes.get(),
                    "CUDA " + driver[0] / 1000 + "." + driver[0] % 1000 / 10);
            ComputeCapability capability = new ComputeCapability(
                    attribute(ordinal, cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
                    attribute(ordinal, cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
            return new Gpu(device, capability);
        }
    }

    private static int attribute(int ordinal, int attribute) {
        int[] value = new int[1];
        check(() -> cudart.cuDeviceGetAttribute(value, attribute, ordinal), "asking for a GPU's properties");
        return value[0];
    }

    /** CUDA's status of the GPU once all that runs on it has ended; a fault stays until the process ends. */
    int status() {
        int status = cudart.cudaSetDevice(Integer.parseInt(device.address()));
        return status == cudart.cudaSuccess ? cudart.cudaDeviceSynchronize() : status;
    }

    private static void check(IntSupplier call, String doing) {
        int status = call.getAsInt();
        if (status != cudart.CUDA_SUCCESS) {
            throw new IllegalStateException("CUDA error " + status + " when " + doing);
        }
    }
}
