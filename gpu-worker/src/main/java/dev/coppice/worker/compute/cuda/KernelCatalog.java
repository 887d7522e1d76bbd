package dev.coppice.worker.compute.cuda;

import java.util.List;
import java.util.stream.Stream;

/** Every source in every form that the operations launch: what {@link KernelReport} compiles. */
final class KernelCatalog {

    private static final int FIRST_WITH_TENSOR_KERNELS = 80;
    private static final List<String> TENSOR_CORES =
            List.of("#include \"tensor_cores.cuh\"", "#include \"half_tiles.cuh\"", "#include \"tile_product.cuh\"");

    private KernelCatalog() {}

    /** All of them. */
    static List<KernelSource> all() {
        return Stream.of(
                        AttentionKernels.SOURCES,
                        ConvKernels.SOURCES,
                        CudaGatedUnit.SOURCES,
                        DiagonalScans.SOURCES,
                        ElementKernels.SOURCES,
                        NormKernels.SOURCES,
                        PoolKernels.SOURCES,
                        RowKernels.SOURCES,
                        ScoreKernels.SOURCES,
                        SelectiveScanKernels.SOURCES,
                        SsdKernels.SOURCES,
                        TiledMimo.SOURCES,
                        WeightKernels.SOURCES)
                .flatMap(List::stream)
                .toList();
    }

    /** Those that are launched on GPUs of a compute capability: tensor cores are used from 8.0 on. */
    static List<KernelSource> of(int architecture) {
        return all().stream()
                .filter(source -> architecture >= FIRST_WITH_TENSOR_KERNELS
                        || TENSOR_CORES.stream().noneMatch(KernelTexts.of(source.file())::contains))
                .toList();
    }
}
