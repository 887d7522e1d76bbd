package dev.coppice.worker.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TestBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScopedTest {

    private final Compute compute = TestBackend.open(1);

    @AfterEach
    void close() {
        compute.close();
    }

    private static float[] ramp(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return values;
    }

    @Test
    void theResultOutlivesTheWorkThatMadeIt() {
        float[] expected = ramp(300_000);
        try (Scope scope = compute.scope()) {
            Tensor kept = compute.scoped(() -> {
                Tensor small =
                        compute.tensor(new float[100_000], 100_000); // less than the result: source and copy overlap
                Tensor ramp = compute.tensor(ramp(300_000), 300_000);
                assertThat(small.elements()).isEqualTo(100_000);
                return ramp;
            });
            Tensor next = compute.tensor(new float[500_000], 500_000);

            assertThat(compute.download(kept)).isEqualTo(expected);
            assertThat(compute.download(next)).containsOnly(0f);
        }
    }

    /** Far from its copy, so that it is copied in pieces, side by side. */
    @Test
    void aLargeResultIsCopiedWhole() {
        float[] expected = ramp(1_500_001);
        try (Compute two = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32);
                Scope scope = two.scope()) {
            Tensor kept = two.scoped(() -> {
                Tensor before = two.tensor(new float[2_000_000], 2_000_000);
                assertThat(before.elements()).isEqualTo(2_000_000);
                return two.tensor(expected, expected.length);
            });

            assertThat(two.download(kept)).isEqualTo(expected);
        }
    }

    @Test
    void repeatedWorkTakesNoMoreMemoryThanOneTurn() {
        try (Scope scope = compute.scope()) {
            Tensor x = compute.tensor(ramp(400_000), 400_000);
            long afterOne = 0;
            for (int turn = 0; turn < 20; turn++) {
                try (Scope turnScope = compute.scope()) {
                    Tensor in = x;
                    Tensor sum = compute.scoped(() -> compute.add(compute.add(in, in), in));
                    assertThat(compute.download(sum)[3]).isEqualTo(9f);
                }
                afterOne = turn == 0 ? compute.peakBytes() : afterOne;
            }
            assertThat(compute.peakBytes()).isEqualTo(afterOne);
        }
    }

    @Test
    void aFailureClosesTheScope() {
        try (Scope scope = compute.scope()) {
            assertThatThrownBy(() -> compute.scoped(() -> {
                        throw new IllegalStateException("no result");
                    }))
                    .hasMessage("no result");
            assertThat(compute.download(compute.tensor(new float[] {1}, 1))).containsExactly(1f);
        }
    }
}
