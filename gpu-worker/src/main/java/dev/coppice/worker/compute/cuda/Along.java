package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Course;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Start;

/**
 * What kernels need to walk along packed sequences. S sequences.
 *
 * @param segments where the sequences lie
 * @param offsets device address of their S + 1 offsets
 * @param start device address of the float32 states (S', ...) to go on from; 0 for zeros
 * @param parents device address of the index into them of each sequence; 0 where there is no start
 * @param carry whether the states after the sequences are asked for
 */
record Along(Segments segments, long offsets, long start, long parents, Carry carry) {

    static Along of(CudaRuntime runtime, Course course) {
        Segments segments = course.segments();
        long offsets = runtime.offsets(segments);
        Start start = course.start();
        if (start == null) {
            return new Along(segments, offsets, 0, 0, course.carry());
        }
        long states = CudaTensor.of(start.states()).address();
        return new Along(segments, offsets, states, runtime.ints(start.parents()), course.carry());
    }

    /** A tensor for the states after the sequences, without sequences where nobody asks. */
    CudaTensor states(CudaRuntime runtime, int... perSequence) {
        int[] shape = new int[perSequence.length + 1];
        shape[0] = carry.count(segments);
        System.arraycopy(perSequence, 0, shape, 1, perSequence.length);
        return runtime.allocate(DType.FLOAT32, shape);
    }

    /** Offsets (S + 1) of the blocks of {@code rows} rows that each sequence begins. */
    static int[] blocks(Segments segments, int rows) {
        int[] offsets = new int[segments.count() + 1];
        for (int s = 0; s < segments.count(); s++) {
            offsets[s + 1] = offsets[s] + (segments.length(s) + rows - 1) / rows;
        }
        return offsets;
    }
}
