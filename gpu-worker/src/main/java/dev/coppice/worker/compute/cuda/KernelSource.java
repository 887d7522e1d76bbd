package dev.coppice.worker.compute.cuda;

import java.util.List;

/**
 * A {@code .cu} file compiled with some choices.
 *
 * @param file beside this class, such as "norm.cu"
 * @param defines macros, such as "X=float"
 */
record KernelSource(String file, List<String> defines) {

    KernelSource(String file, String... defines) {
        this(file, List.of(defines));
    }
}
