package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Course;
import dev.coppice.worker.compute.ScanInputs;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Start;
import org.jspecify.annotations.Nullable;

/**
 * {@link ScanInputs} and their {@link Course} on the processor.
 *
 * @param start states (S', ...) to go on from; null for zeros
 * @param parents index into them of each sequence; of no meaning without a start
 */
record CpuScanInputs(
        CpuColumns x,
        CpuColumns dt,
        CpuColumns b,
        CpuColumns c,
        Segments segments,
        @Nullable CpuTensor start,
        int[] parents,
        Carry carry) {

    static CpuScanInputs of(ScanInputs in, Course course) {
        Start start = course.start();
        return new CpuScanInputs(
                CpuColumns.of(in.x()),
                CpuColumns.of(in.dt()),
                CpuColumns.of(in.b()),
                CpuColumns.of(in.c()),
                course.segments(),
                start == null ? null : CpuTensor.of(start.states()),
                start == null ? new int[0] : start.parents(),
                course.carry());
    }
}
