package dev.coppice.worker.prune.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Narrowing;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.compute.cuda.CudaBackend;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.WeightMatrix;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights are pruned alike on a real GPU, number 0, and on the processor, bit by bit. Not among the tests of a build: see docs/gpu.md. */
class WeightsOnGpu {

    private static final int[][] SHAPES = {{700, 404}, {3, 8}, {1, 4}, {64, 5120}, {33, 10_240}};

    private final Compute cpu = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32);
    private final Compute gpu = new CudaBackend().open("0", 2, Precision.FLOAT32);

    @AfterEach
    void close() {
        cpu.close();
        gpu.close();
    }

    /** Random weights, many of them equal, under random norms or none. */
    private static List<Scored> matrices(DType type, WeightScore score, long seed) {
        Random random = new Random(seed);
        List<Scored> matrices = new ArrayList<>();
        for (int[] shape : SHAPES) {
            int count = shape[0] * shape[1];
            ByteBuffer bytes = ByteBuffer.allocateDirect(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                double value = random.nextGaussian();
                Narrowing.put(bytes, type, (float) (random.nextBoolean() ? value : Math.rint(8 * value) / 8));
            }
            bytes.flip();
            WeightMatrix matrix = new WeightMatrix("m" + matrices.size(), 0, MatrixRole.MIXER_IN, shape[0], shape[1]);
            double[] squares = random.doubles(shape[1], 0, 9).map(Math::rint).toArray();
            matrices.add(Scored.of(
                    matrix,
                    new HostArray(type, shape, bytes.order(ByteOrder.LITTLE_ENDIAN)),
                    score.of(matrix, matrices.size(), squares, 0)));
        }
        return matrices;
    }

    private void compare(DType type, WeightScore score, BiFunction<Compute, List<Scored>, List<PrunedMatrix>> prune) {
        List<PrunedMatrix> expected = prune.apply(cpu, matrices(type, score, 5));
        List<PrunedMatrix> actual = prune.apply(gpu, matrices(type, score, 5));
        for (int m = 0; m < expected.size(); m++) {
            PrunedMatrix one = expected.get(m);
            String name = type + " " + score + " " + one.matrix().name();
            assertThat(actual.get(m).pruned()).as(name).isEqualTo(one.pruned());
            assertThat(actual.get(m).weight().bytes().compareTo(one.weight().bytes()))
                    .as(name)
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT16", "BFLOAT16"})
    void rowsGroupsAndPoolsWithSeed5(DType type) {
        for (WeightScore score : List.of(WeightScore.MAGNITUDE, WeightScore.WANDA)) {
            for (String ratio : List.of("0", "0.1", "0.5", "0.999")) {
                BigDecimal fraction = new BigDecimal(ratio);
                compare(type, score, (compute, all) -> RowChoice.of(fraction).prune(compute, all));
                compare(type, score, (compute, all) -> WeightAllocation.MATRIX.prune(compute, all, fraction));
                compare(type, score, (compute, all) -> WeightAllocation.GLOBAL.prune(compute, all, fraction));
            }
            compare(
                    type,
                    score,
                    (compute, all) -> RowChoice.of(new Pattern(2, 4)).prune(compute, all));
        }
    }

    @Test
    void aScoreThatIsNotFiniteIsNamed() {
        List<Scored> matrices = matrices(DType.FLOAT32, WeightScore.MAGNITUDE, 6);
        matrices.get(0).weight().bytes().putFloat(Float.BYTES * 405, Float.NaN);
        assertThatThrownBy(() -> RowChoice.of(new BigDecimal("0.5")).prune(gpu, matrices))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("weight (1, 1) of m0: its score is NaN");
    }
}
