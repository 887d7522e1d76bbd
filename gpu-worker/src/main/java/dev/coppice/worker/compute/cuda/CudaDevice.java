package dev.coppice.worker.compute.cuda;

import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_NO_DEVICE;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;

import dev.coppice.worker.compute.Device;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.SizeTPointer;

/** A GPU, its context in this process, and the kernels compiled for it. One for each GPU and process. */
final class CudaDevice {

    private static final int OLDEST_DRIVER = 13_000;
    private static final int OLDEST_ARCHITECTURE = 75;
    private static final int NAME_BYTES = 256;
    private static final Map<Integer, CudaDevice> OPEN = new HashMap<>();

    private final int ordinal;
    private final CUctx_st context = new CUctx_st();
    private final int architecture;
    private final int multiprocessors;
    private final int sharedBytes;
    private final KernelCache kernels;

    private CudaDevice(int ordinal) {
        this.ordinal = ordinal;
        architecture = architecture(ordinal);
        multiprocessors = attribute(ordinal, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        sharedBytes = attribute(ordinal, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN);
        CudaStatus.check(cudart.cuDevicePrimaryCtxRetain(context, ordinal), "opening GPU " + ordinal);
        kernels = new KernelCache(architecture, KernelFolder.ofUser());
    }

    /** The GPU of this number, its context opened at the first call. */
    static synchronized CudaDevice open(int ordinal) {
        return OPEN.computeIfAbsent(ordinal, CudaDevice::new);
    }

    /** All GPUs that the driver shows, in its order; none that is too old. */
    static List<Device> all() {
        initialize();
        int[] count = new int[1];
        CudaStatus.check(cudart.cuDeviceGetCount(count), "counting GPUs");
        List<Device> devices = new ArrayList<>();
        List<String> old = new ArrayList<>();
        for (int ordinal = 0; ordinal < count[0]; ordinal++) {
            if (architecture(ordinal) >= OLDEST_ARCHITECTURE) {
                devices.add(describe(ordinal));
            } else {
                old.add(describe(ordinal).name());
            }
        }
        requireNewer(devices, old);
        return devices;
    }

    /** Whether there is a GPU that is new enough. */
    static void requireNewer(List<Device> usable, List<String> old) {
        if (usable.isEmpty() && !old.isEmpty()) {
            throw new IllegalStateException("the cuda backend needs a GPU of compute capability "
                    + OLDEST_ARCHITECTURE / 10 + "." + OLDEST_ARCHITECTURE % 10 + " or later, and "
                    + String.join(", ", old) + " is older; CUDA 13 has left such GPUs out");
        }
    }

    private static void initialize() {
        CudaLibraries.require();
        int[] version = new int[1];
        CudaStatus.check(cudart.cuDriverGetVersion(version), "asking for the driver's version");
        requireNew(version[0]);
        int status = cudart.cuInit(0);
        requireSome(status != CUDA_ERROR_NO_DEVICE);
        CudaStatus.check(status, "starting the CUDA driver");
    }

    /** Whether the driver, of such a version of CUDA, is new enough. */
    static void requireNew(int version) {
        if (version < OLDEST_DRIVER) {
            throw new IllegalStateException("the cuda backend needs a driver for CUDA " + name(OLDEST_DRIVER)
                    + " or later, and this one is for CUDA " + name(version)
                    + ": update NVIDIA's driver to 580 or later");
        }
    }

    /** Whether there is a GPU. */
    static void requireSome(boolean there) {
        if (!there) {
            throw new IllegalStateException(
                    "the cuda backend needs an NVIDIA GPU, and the driver shows none; if there is one, "
                            + "see CUDA_VISIBLE_DEVICES and the container's settings");
        }
    }

    private static Device describe(int ordinal) {
        byte[] name = new byte[NAME_BYTES];
        CudaStatus.check(cudart.cuDeviceGetName(name, NAME_BYTES, ordinal), "asking for a GPU's name");
        int length = 0;
        while (name[length] != 0) {
            length++;
        }
        int[] driver = new int[1];
        CudaStatus.check(cudart.cuDriverGetVersion(driver), "asking for the driver's version");
        try (SizeTPointer bytes = new SizeTPointer(1)) {
            CudaStatus.check(cudart.cuDeviceTotalMem(bytes, ordinal), "asking for a GPU's memory");
            return new Device(
                    CudaBackend.NAME,
                    Integer.toString(ordinal),
                    new String(name, 0, length, StandardCharsets.UTF_8),
                    bytes.get(),
                    "CUDA " + name(driver[0]));
        }
    }

    /** 13000 is 13.0. */
    private static String name(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    private static int architecture(int ordinal) {
        return 10 * attribute(ordinal, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                + attribute(ordinal, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    }

    private static int attribute(int ordinal, int attribute) {
        int[] value = new int[1];
        CudaStatus.check(cudart.cuDeviceGetAttribute(value, attribute, ordinal), "asking for a GPU's properties");
        return value[0];
    }

    /** Makes the calling thread's driver calls go to this GPU. */
    void enter() {
        CudaStatus.check(cudart.cuCtxSetCurrent(context), "entering GPU " + ordinal);
    }

    int ordinal() {
        return ordinal;
    }

    /** Compute capability, such as 90 for 9.0. */
    int architecture() {
        return architecture;
    }

    int multiprocessors() {
        return multiprocessors;
    }

    /** Shared memory that a block may have when it asks for it. */
    int sharedBytes() {
        return sharedBytes;
    }

    KernelCache kernels() {
        return kernels;
    }

    /** Bytes that nobody holds at the moment. */
    long freeBytes() {
        enter();
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer total = new SizeTPointer(1)) {
            CudaStatus.check(cudart.cuMemGetInfo(free, total), "asking for free memory");
            return free.get();
        }
    }
}
