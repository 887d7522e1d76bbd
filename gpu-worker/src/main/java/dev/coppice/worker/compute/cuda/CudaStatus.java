package dev.coppice.worker.compute.cuda;

import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_OUT_OF_MEMORY;
import static org.bytedeco.cuda.global.cudart.CUDA_SUCCESS;

import dev.coppice.worker.compute.ComputeMemoryException;
import dev.coppice.worker.compute.DeviceLostException;
import java.util.Set;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** What the driver's status codes mean for a job. */
public final class CudaStatus {

    /** Errors after which the context, or the device, is of no more use (CUDA driver API, CUresult; the runtime has the same numbers). */
    private static final Set<Integer> LOST = Set.of(
            cudart.CUDA_ERROR_DEINITIALIZED,
            cudart.CUDA_ERROR_DEVICE_UNAVAILABLE,
            cudart.CUDA_ERROR_CONTEXT_IS_DESTROYED,
            cudart.CUDA_ERROR_ECC_UNCORRECTABLE,
            cudart.CUDA_ERROR_NVLINK_UNCORRECTABLE,
            cudart.CUDA_ERROR_ILLEGAL_ADDRESS,
            cudart.CUDA_ERROR_LAUNCH_TIMEOUT,
            cudart.CUDA_ERROR_ASSERT,
            cudart.CUDA_ERROR_HARDWARE_STACK_ERROR,
            cudart.CUDA_ERROR_ILLEGAL_INSTRUCTION,
            cudart.CUDA_ERROR_MISALIGNED_ADDRESS,
            cudart.CUDA_ERROR_INVALID_ADDRESS_SPACE,
            cudart.CUDA_ERROR_INVALID_PC,
            cudart.CUDA_ERROR_LAUNCH_FAILED,
            cudart.CUDA_ERROR_SYSTEM_NOT_READY,
            cudart.CUDA_ERROR_UNKNOWN);

    private CudaStatus() {}

    /**
     * Does nothing on success.
     *
     * @param action what was tried, for the message
     * @throws ComputeMemoryException when the device's memory does not suffice
     * @throws DeviceLostException when the device is broken for this process
     * @throws IllegalStateException for any other error
     */
    static void check(int status, String action) {
        if (status != CUDA_SUCCESS) {
            throw failure(status, action);
        }
    }

    /** Whether the device is of no more use to a process after an error of this number. */
    public static boolean isLost(int status) {
        return LOST.contains(status);
    }

    private static RuntimeException failure(int status, String action) {
        String message = action + ": " + name(status);
        if (status == CUDA_ERROR_OUT_OF_MEMORY) {
            return new ComputeMemoryException(message);
        }
        return isLost(status)
                ? new DeviceLostException(message + "; the device is of no use to this process any more")
                : new IllegalStateException(message);
    }

    /** The driver's own name and description of a status. */
    static String name(int status) {
        try (PointerPointer<BytePointer> text = new PointerPointer<>(1)) {
            if (cudart.cuGetErrorName(status, text) != CUDA_SUCCESS) {
                return "CUDA error " + status;
            }
            String name = text.get(BytePointer.class, 0).getString();
            return cudart.cuGetErrorString(status, text) == CUDA_SUCCESS
                    ? name + " (" + text.get(BytePointer.class, 0).getString() + ")"
                    : name;
        }
    }
}
