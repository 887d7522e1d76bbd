package dev.coppice.worker.compute.cuda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;

/** The kernels of one GPU: loaded once a process, compiled once a machine. Its context must be current. */
final class KernelCache {

    private static final List<String> NO_EXTRA = List.of();

    private final int architecture;
    private final KernelFolder folder;
    private final Map<KernelSource, CUmod_st> modules = new HashMap<>();
    private final Map<Entry, Kernel> kernels = new HashMap<>();

    private record Entry(KernelSource source, String name) {}

    KernelCache(int architecture, KernelFolder folder) {
        this.architecture = architecture;
        this.folder = folder;
    }

    /** The function of this name in a source. */
    synchronized Kernel kernel(KernelSource source, String name) {
        Entry entry = new Entry(source, name);
        Kernel known = kernels.get(entry);
        if (known == null) {
            CUfunc_st function = new CUfunc_st();
            CudaStatus.check(
                    cudart.cuModuleGetFunction(function, module(source), name), "finding " + name + " in " + source);
            known = new Kernel(name, function);
            kernels.put(entry, known);
        }
        return known;
    }

    private CUmod_st module(KernelSource source) {
        CUmod_st known = modules.get(source);
        if (known == null) {
            known = new CUmod_st();
            try (BytePointer code = new BytePointer(code(source))) {
                CudaStatus.check(cudart.cuModuleLoadData(known, code), "loading " + source);
            }
            modules.put(source, known);
        }
        return known;
    }

    private byte[] code(KernelSource source) {
        String key = KernelFolder.key(
                source, KernelCompiler.options(source, architecture, NO_EXTRA), KernelCompiler.version());
        return folder.read(key).orElseGet(() -> {
            byte[] code = KernelCompiler.compile(source, architecture, NO_EXTRA).code();
            folder.write(key, code);
            return code;
        });
    }
}
