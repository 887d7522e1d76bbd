package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.ScanInputs;

/** {@link ScanInputs} on a GPU, all of one type. */
record CudaScanInputs(CudaColumns x, CudaColumns dt, CudaColumns b, CudaColumns c) {

    static CudaScanInputs of(ScanInputs in) {
        return new CudaScanInputs(
                CudaColumns.of(in.x()), CudaColumns.of(in.dt()), CudaColumns.of(in.b()), CudaColumns.of(in.c()));
    }
}
