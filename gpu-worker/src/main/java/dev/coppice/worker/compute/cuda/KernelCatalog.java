package dev.coppice.worker.compute.cuda;

import java.util.List;
import java.util.stream.Stream;

/** Every source in every form that the operations launch: what {@link KernelReport} compiles. */
final class KernelCatalog {

    private KernelCatalog() {}

    /** All of them. */
    static List<KernelSource> all() {
        return Stream.of(
                        AttentionKernels.SOURCES,
                        ConvKernels.SOURCES,
                        DiagonalScans.SOURCES,
                        ElementKernels.SOURCES,
                        NormKernels.SOURCES,
                        PoolKernels.SOURCES,
                        RowKernels.SOURCES,
                        ScoreKernels.SOURCES,
                        SelectiveScanKernels.SOURCES,
                        SsdKernels.SOURCES)
                .flatMap(List::stream)
                .toList();
    }
}
