package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.AttentionInputs;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.ConvFilter;
import dev.coppice.worker.compute.Course;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.LanguageShapes;
import dev.coppice.worker.compute.ScanInputs;
import dev.coppice.worker.compute.SelectiveParameters;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.Start;
import dev.coppice.worker.compute.Tensor;
import org.jspecify.annotations.Nullable;

/** What the kernels along sequences ask of their operands beside the shapes, checked before anything is queued. */
final class SequenceChecks {

    /** Most states that the kernels of Mamba-2 keep. */
    static final int MOST_SSD_STATES = 256;

    /** Most states that the kernel of Mamba-1 keeps. */
    static final int MOST_SELECTIVE_STATES = 128;

    private SequenceChecks() {}

    static void causalConv(Columns x, ConvFilter filter, Course course) {
        LanguageShapes.causalConv(x, filter, course);
        parameter("weight", filter.weight());
        parameter("bias", filter.bias());
        states(course.start());
    }

    static void ssdScan(SsdParameters parameters, ScanInputs in, Course course) {
        LanguageShapes.ssdScan(parameters, in, course);
        states(course.start());
        alike(in.x(), in.b(), in.c(), in.dt());
        atMost("Mamba-2", parameters.states(), MOST_SSD_STATES);
    }

    static void selectiveScan(SelectiveParameters parameters, ScanInputs in, Course course) {
        LanguageShapes.selectiveScan(parameters, in, course);
        parameter("A", parameters.a());
        parameter("D", parameters.d());
        parameter("dt bias", parameters.dtBias());
        states(course.start());
        alike(in.x(), in.dt(), in.b(), in.c());
        atMost("Mamba-1", parameters.states(), MOST_SELECTIVE_STATES);
    }

    static void attention(AttentionInputs in) {
        LanguageShapes.attention(in);
        alike(in.query(), Columns.all(in.keys()), Columns.all(in.values()));
    }

    private static void states(@Nullable Start start) {
        parameter("a start state", start == null ? null : start.states());
    }

    private static void parameter(String name, @Nullable Tensor tensor) {
        if (tensor != null && CudaTensor.of(tensor).dtype() != DType.FLOAT32) {
            throw new IllegalArgumentException(
                    name + " is " + CudaTensor.of(tensor).dtype() + "; kernels read it in FLOAT32");
        }
    }

    /** A kernel is compiled for one type of elements. */
    private static void alike(Columns first, Columns... others) {
        DType type = CudaTensor.of(first.tensor()).dtype();
        for (Columns other : others) {
            DType found = CudaTensor.of(other.tensor()).dtype();
            if (found != type) {
                throw new IllegalArgumentException("operands of " + type + " and of " + found + " in one operation");
            }
        }
    }

    private static void atMost(String model, int states, int most) {
        if (states > most) {
            throw new IllegalArgumentException(
                    model + "'s kernels keep at most " + most + " states, not " + states + "; use the cpu backend");
        }
    }
}
