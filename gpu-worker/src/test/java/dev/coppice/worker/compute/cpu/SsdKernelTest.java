package dev.coppice.worker.compute.cpu;

import static dev.coppice.worker.compute.cpu.Near.assertNear;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Course;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.ScanInputs;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.compute.Start;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The processor's kernel of Mamba-2's recurrence in chunks of any size, against plain loops; inputs from seed 23. */
class SsdKernelTest {

    private static final int SEED = 23;
    private static final Segments SEGMENTS = Segments.ofLengths(300, 1, 0, 2, 37, 129);
    private static final int[] PARENTS = {1, 0, 1, 1, 0, 0};

    private final Random random = new Random(SEED);
    private Compute compute;
    private Scope scope;

    @BeforeEach
    void open() {
        compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32);
        scope = compute.scope();
    }

    @AfterEach
    void close() {
        scope.close();
        compute.close();
    }

    private float[] numbers(int count) {
        return PlainOps.random(random, count);
    }

    private Columns columns(float[] values, int width) {
        return Columns.all(compute.tensor(values, values.length / width, width));
    }

    @ParameterizedTest(name = "seed 23: {0} heads, {1} of x, {2} and {3} groups, width {4}, {5} states, {6}, chunk {7}")
    @CsvSource({
        "1, 1, 1, 1, 1, 1, CONTINUOUS, 1",
        "4, 4, 1, 1, 5, 3, CONTINUOUS, 128",
        "7, 7, 1, 1, 16, 16, DISCRETE, 256",
        "6, 3, 3, 6, 8, 8, CONTINUOUS, 33",
        "6, 6, 2, 3, 9, 17, DISCRETE, 64",
        "8, 8, 2, 2, 17, 20, CONTINUOUS, 7"
    })
    void ssdScanMatchesTheRecurrence(
            int heads, int xHeads, int bGroups, int cGroups, int width, int states, SsdStep step, int chunk) {
        SsdParameters p = SequenceOpsTest.parameters(random, heads, xHeads, bGroups, cGroups, width, states, step);
        float[] x = numbers(SEGMENTS.rows() * xHeads * width);
        float[] b = numbers(SEGMENTS.rows() * bGroups * states);
        float[] c = numbers(SEGMENTS.rows() * cGroups * states);
        float[] dt = numbers(SEGMENTS.rows() * heads);
        float[] start = numbers(2 * heads * width * states);
        for (float[] from : new float[][] {null, start}) {
            Start earlier = from == null ? null : new Start(compute.tensor(from, 2, heads, width, states), PARENTS);
            CpuScanInputs operands = CpuScanInputs.of(
                    new ScanInputs(
                            columns(x, xHeads * width),
                            columns(dt, heads),
                            columns(b, bGroups * states),
                            columns(c, cGroups * states)),
                    new Course(SEGMENTS, earlier, Carry.STATES));
            CpuTensor y = CpuTensor.of(
                    compute.tensor(new float[SEGMENTS.rows() * heads * width], SEGMENTS.rows(), heads * width));
            CpuTensor state = CpuTensor.of(compute.tensor(
                    new float[SEGMENTS.count() * heads * width * states], SEGMENTS.count(), heads, width, states));
            new SsdKernel(p, chunk).run(operands, y, state, ((CpuCompute) compute)::spread);
            PlainLanguage.Result expected = PlainLanguage.ssd(p, x, b, c, dt, SEGMENTS, from, PARENTS);
            assertNear(compute.download(y), expected.output(), 3e-6);
            assertNear(compute.download(state), expected.state(), 3e-6);
        }
    }
}
