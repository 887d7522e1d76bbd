package dev.coppice.worker.compute.cuda;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.AttentionInputs;
import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.ConvFilter;
import dev.coppice.worker.compute.Course;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.ScanInputs;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.SelectiveParameters;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.compute.Start;
import dev.coppice.worker.compute.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Operands that a kernel would read past their ends are refused before it is queued; no GPU is needed to see it. */
class SequenceChecksTest {

    private static final Segments SEGMENTS = Segments.ofLengths(3, 0, 4);

    private static Tensor tensor(DType type, int... shape) {
        return new CudaTensor(type, shape, null);
    }

    private static Columns rows(DType type, int rows, int columns) {
        return Columns.all(tensor(type, rows, columns));
    }

    private static Start start(int states, int[] parents, int... perSequence) {
        int[] shape = new int[perSequence.length + 1];
        shape[0] = states;
        System.arraycopy(perSequence, 0, shape, 1, perSequence.length);
        return new Start(tensor(DType.FLOAT32, shape), parents);
    }

    private static Course course(@Nullable Start start) {
        return new Course(SEGMENTS, start, Carry.STATES);
    }

    private static ConvFilter filter(DType type) {
        return new ConvFilter(tensor(type, 6, 4), null, ConvActivation.SILU);
    }

    private static SsdParameters ssd(int states, float @Nullable [] a) {
        return new SsdParameters(4, 4, 2, 2, 16, states, SsdStep.CONTINUOUS, a, null, 0, 1, null);
    }

    private static void scan(SsdParameters parameters, DType dt, @Nullable Start start) {
        int groups = 2 * parameters.states();
        SequenceChecks.ssdScan(
                parameters,
                new ScanInputs(
                        rows(DType.BFLOAT16, 7, 64),
                        rows(dt, 7, 4),
                        rows(DType.BFLOAT16, 7, groups),
                        rows(DType.BFLOAT16, 7, groups)),
                course(start));
    }

    @Test
    void takesWhatFits() {
        assertThatCode(() -> scan(ssd(8, new float[4]), DType.BFLOAT16, start(2, new int[] {1, 0, 1}, 4, 16, 8)))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesMixedTypes() {
        assertThatThrownBy(() -> scan(ssd(8, new float[4]), DType.FLOAT32, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operands of BFLOAT16 and of FLOAT32 in one operation");
    }

    @Test
    void refusesMoreStatesThanTheKernelsKeep() {
        assertThatThrownBy(() -> scan(ssd(257, new float[4]), DType.BFLOAT16, null))
                .hasMessage("Mamba-2's kernels keep at most 256 states, not 257; use the cpu backend");
    }

    @Test
    void refusesContinuousStepsWithoutA() {
        assertThatThrownBy(() -> scan(ssd(8, null), DType.BFLOAT16, null)).hasMessage("continuous steps need A");
    }

    @Test
    void refusesParentsThatAreNotThere() {
        assertThatThrownBy(() -> scan(ssd(8, new float[4]), DType.BFLOAT16, start(2, new int[] {1, 0, 2}, 4, 16, 8)))
                .hasMessage("start state 2 where there are 2");
    }

    @Test
    void refusesRowsThatTheSequencesLack() {
        assertThatThrownBy(
                        () -> SequenceChecks.causalConv(rows(DType.FLOAT16, 8, 6), filter(DType.FLOAT32), course(null)))
                .hasMessage("x has 8 rows where the sequences have 7");
    }

    @Test
    void refusesAWeightOfSixteenBits() {
        assertThatThrownBy(
                        () -> SequenceChecks.causalConv(rows(DType.FLOAT16, 7, 6), filter(DType.FLOAT16), course(null)))
                .hasMessage("weight is FLOAT16; kernels read it in FLOAT32");
    }

    @Test
    void refusesStatesOfAnotherShape() {
        assertThatThrownBy(() -> SequenceChecks.selectiveScan(
                        new SelectiveParameters(tensor(DType.FLOAT32, 6, 5), tensor(DType.FLOAT32, 6), null),
                        new ScanInputs(
                                rows(DType.FLOAT32, 7, 6),
                                rows(DType.FLOAT32, 7, 6),
                                rows(DType.FLOAT32, 7, 5),
                                rows(DType.FLOAT32, 7, 5)),
                        course(start(1, new int[3], 6, 4))))
                .hasMessage("a start state has shape [6, 4], expected [6, 5]");
    }

    @Test
    void refusesFewerKeysThanQueries() {
        assertThatThrownBy(() -> SequenceChecks.attention(new AttentionInputs(
                        rows(DType.FLOAT32, 7, 32),
                        tensor(DType.FLOAT32, 7, 16),
                        tensor(DType.FLOAT32, 7, 16),
                        4,
                        2,
                        SEGMENTS,
                        Segments.ofLengths(4, 0, 3))))
                .hasMessage("sequence 2 has 4 queries and only 3 keys");
    }
}
