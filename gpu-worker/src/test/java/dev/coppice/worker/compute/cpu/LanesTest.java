package dev.coppice.worker.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Scopes and lanes. */
class LanesTest {

    @Test
    void scopesFreeWhatWasMadeInThem() {
        try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 1, Precision.FLOAT32)) {
            assertThat(compute.peakBytes()).isZero();
            assertThatThrownBy(() -> compute.tensor(new float[1], 1)).hasMessageContaining("no scope is open");
            for (int i = 0; i < 1000; i++) {
                try (Scope scope = compute.scope()) {
                    Tensor x = compute.tensor(new float[100_000], 100_000);
                    assertThat(x.elements()).isEqualTo(100_000);
                }
            }
            assertThat(compute.peakBytes()).isLessThan(8 << 20);
            Scope outer = compute.scope();
            Scope inner = compute.scope();
            assertThatThrownBy(outer::close).hasMessageContaining("is closed while");
            inner.close();
        }
    }

    @Test
    void aLanesFailureReachesTheCaller() {
        try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32)) {
            AtomicInteger ran = new AtomicInteger();
            assertThatThrownBy(() -> compute.parallel(1000, (piece, lane) -> {
                        ran.incrementAndGet();
                        if (piece == 3) {
                            throw new IllegalArgumentException("piece 3");
                        }
                    }))
                    .hasMessage("piece 3");
            assertThat(ran.get()).isLessThan(1000);
            int[] squares = new int[50];
            compute.parallel(50, (piece, lane) -> squares[piece] = piece * piece);
            assertThat(squares).isEqualTo(IntStream.range(0, 50).map(i -> i * i).toArray());
        }
    }

    @Test
    void anUnknownDeviceIsRefused() {
        assertThatThrownBy(() -> new CpuBackend().open("cuda:0", 1, Precision.FLOAT32))
                .hasMessageContaining("none called \"cuda:0\"");
    }
}
