package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.ComputeMemoryException;
import dev.coppice.worker.compute.DeviceLostException;
import dev.coppice.worker.compute.LanguageOps;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.cuda.CudaStatus;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an exception of ND4J's CUDA library says of the GPU. The library throws plain RuntimeExceptions, with CUDA's number in the text
 * where it has one: "cudaStreamSynchronize failed; Error code: 700", "[DEVICE] allocation failed; Error code: [2]". A kernel fails
 * after its call has returned, so an exception may come from a later call, with a number of cuBLAS or none: the device is asked too.
 */
final class GpuFault {

    private static final int OUT_OF_MEMORY = 2; // cudaErrorMemoryAllocation
    private static final Pattern NUMBER = Pattern.compile("[Ee]rror code:? \\[?(\\d{1,9})\\b");
    private static final Pattern NO_ROOM =
            Pattern.compile("[Aa]llocation failed|Failed to allocate|Requested bytes: \\[|Requested amount exceeds");

    private GpuFault() {}

    /**
     * {@code thrown} as what it means: that the device is lost, that its memory does not suffice, or {@code thrown} itself.
     *
     * @param device CUDA's status of the device after {@code thrown}; 0 where nothing is wrong with it
     */
    static RuntimeException meaning(RuntimeException thrown, int device) {
        if (thrown instanceof DeviceLostException || thrown instanceof ComputeMemoryException) {
            return thrown;
        }
        String message = String.valueOf(thrown.getMessage());
        int named = number(message);
        if (CudaStatus.isLost(device) || CudaStatus.isLost(named)) {
            int status = CudaStatus.isLost(device) ? device : named;
            return caused(
                    new DeviceLostException("ND4J: " + message + " (CUDA error " + status
                            + "); the device is of no use to this process any more"),
                    thrown);
        }
        if (named == OUT_OF_MEMORY || NO_ROOM.matcher(message).find()) {
            return caused(
                    new ComputeMemoryException("no room on the GPU for what ND4J asked for: " + message
                            + "; run fewer jobs at a time, or look for what else uses the GPU"),
                    thrown);
        }
        return thrown;
    }

    private static RuntimeException caused(RuntimeException meant, RuntimeException thrown) {
        meant.initCause(thrown);
        return meant;
    }

    /** CUDA's number in a message; 0 where there is none. */
    private static int number(String message) {
        Matcher found = NUMBER.matcher(message);
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }

    /**
     * A compute that throws what its exceptions mean.
     *
     * @param device tells CUDA's status of the device
     */
    static Compute watched(Compute compute, IntSupplier device) {
        return watched(Compute.class, compute, device);
    }

    /** All that calls ND4J goes through a compute, its language operations or its scopes. */
    private static <T> T watched(Class<T> type, T target, IntSupplier device) {
        return type.cast(Proxy.newProxyInstance(
                GpuFault.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(target, arguments);
                        if (result instanceof LanguageOps language) {
                            return watched(LanguageOps.class, language, device);
                        }
                        return result instanceof Scope scope ? watched(Scope.class, scope, device) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause() instanceof RuntimeException thrown
                                ? meaning(thrown, device.getAsInt())
                                : e.getCause();
                    }
                }));
    }
}
