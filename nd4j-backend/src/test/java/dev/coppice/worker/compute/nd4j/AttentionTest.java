package dev.coppice.worker.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Segments;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** However sequences and queries are put together in blocks, each sees what it sees alone. */
class AttentionTest {

    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;
    private static final int WIDTH = 3;
    private static final Segments QUERIES = Segments.ofLengths(5, 1, 0, 7, 2, 40);
    private static final Segments KEYS = Segments.ofLengths(5, 9, 4, 8, 2, 43);

    private final Random random = new Random(6);

    private INDArray random(int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Nd4j.createFromArray(values).reshape('c', rows, columns);
    }

    private static float[] run(
            INDArray query, INDArray keys, INDArray values, Segments own, Segments seen, long maxScores) {
        try (Arena arena = new Arena(Long.MAX_VALUE)) {
            Ops ops = new Ops(arena, Precision.FLOAT32);
            INDArray out = Nd4j.create(query.shape());
            arena.within(() ->
                    new Attention(ops, HEADS, KV_HEADS, WIDTH, maxScores).run(query, keys, values, own, seen, out));
            return out.dup('c').data().asFloat();
        }
    }

    @ParameterizedTest(name = "seed 6: at most {0} scores")
    @ValueSource(longs = {1, 200, 2_000, 3_000, Attention.MAX_SCORES})
    void blocksDoNotMatter(long maxScores) {
        INDArray query = random(QUERIES.rows(), HEADS * WIDTH);
        INDArray keys = random(KEYS.rows(), KV_HEADS * WIDTH);
        INDArray values = random(KEYS.rows(), KV_HEADS * WIDTH);

        float[] together = run(query, keys, values, QUERIES, KEYS, maxScores); // (R, heads P)
        for (int s = 0; s < QUERIES.count(); s++) {
            for (int t = 0; t < QUERIES.length(s); t++) {
                int row = QUERIES.start(s) + t;
                int seen = KEYS.length(s) - QUERIES.length(s) + t + 1;
                INDArray own = Ops.part(keys, 0, KEYS.start(s), KEYS.start(s) + (long) seen);
                float[] alone = run(
                        Ops.part(query, 0, row, row + 1L),
                        own,
                        Ops.part(values, 0, KEYS.start(s), KEYS.start(s) + (long) seen),
                        Segments.ofLengths(1),
                        Segments.ofLengths(seen),
                        Attention.MAX_SCORES);
                for (int i = 0; i < alone.length; i++) {
                    assertThat(together[row * alone.length + i]).isCloseTo(alone[i], within(1e-6f));
                }
            }
        }
    }
}
