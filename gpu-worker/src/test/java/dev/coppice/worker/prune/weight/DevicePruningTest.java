package dev.coppice.worker.prune.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.WeightOps;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.WeightMatrix;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of a device that chooses weights, and what is made of its answers: one that sorts stands for a GPU. */
class DevicePruningTest {

    private static final int[][] SHAPES = {{30, 40}, {3, 8}, {1, 4}};

    /** Plain sorting, as {@link WeightOps} describes it. */
    private static final class Sorting implements WeightOps {

        private record Place(int matrix, int index, float score) {}

        @Override
        public boolean takes(List<Pruning> matrices) {
            return true;
        }

        @Override
        public boolean pruneRuns(Pruning matrix, int run, int count) {
            List<Place> places = new ArrayList<>();
            boolean finite = places(0, matrix, places);
            copy(matrix);
            for (int from = 0; from < places.size(); from += run) {
                zero(places.subList(from, from + run), count, List.of(matrix), new long[1]);
            }
            return finite;
        }

        @Override
        public boolean pruneAll(List<Pruning> matrices, long count, long[] gone) {
            List<Place> places = new ArrayList<>();
            boolean finite = true;
            for (int m = 0; m < matrices.size(); m++) {
                finite &= places(m, matrices.get(m), places);
                copy(matrices.get(m));
            }
            zero(places, count, matrices, gone);
            return finite;
        }

        private static boolean places(int number, Pruning matrix, List<Place> places) {
            float[] weights = matrix.weight().toFloats();
            double[] norms = matrix.norms();
            boolean finite = true;
            for (int i = 0; i < weights.length; i++) {
                double size = Math.abs(weights[i]);
                float score = (float) (norms.length == 0 ? size : size * norms[i % norms.length]);
                finite &= Float.isFinite(score);
                places.add(new Place(number, i, score));
            }
            return finite;
        }

        private static void copy(Pruning matrix) {
            ByteBuffer room = matrix.pruned().bytes();
            room.put(0, matrix.weight().bytes(), 0, room.capacity());
        }

        private static void zero(List<Place> places, long count, List<Pruning> matrices, long[] gone) {
            places.stream()
                    .sorted(Comparator.comparingDouble(Place::score)) // stable: equal ones stay in their order
                    .limit(count)
                    .forEach(place -> {
                        matrices.get(place.matrix()).pruned().bytes().putFloat(Float.BYTES * place.index(), 0);
                        gone[place.matrix()]++;
                    });
        }
    }

    private static Compute processor() {
        return new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32);
    }

    private static Compute device(Compute compute) {
        WeightOps sorting = new Sorting();
        return (Compute) Proxy.newProxyInstance(
                DevicePruningTest.class.getClassLoader(),
                new Class<?>[] {Compute.class},
                (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("weights") ? sorting : method.invoke(compute, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static List<Scored> matrices(WeightScore score) {
        Random random = new Random(7);
        List<Scored> matrices = new ArrayList<>();
        for (int[] shape : SHAPES) {
            float[] values = new float[shape[0] * shape[1]];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.rint(8 * random.nextGaussian());
            }
            double[] squares = random.doubles(shape[1], 0, 9).toArray();
            WeightMatrix matrix = new WeightMatrix("m" + matrices.size(), 0, MatrixRole.MIXER_IN, shape[0], shape[1]);
            matrices.add(Scored.of(
                    matrix, HostArray.ofFloats(values, shape), score.of(matrix, matrices.size(), squares, 3)));
        }
        return matrices;
    }

    private interface Choice {
        List<PrunedMatrix> prune(Compute compute, List<Scored> matrices);
    }

    private static void assertAlike(WeightScore score, Choice choice) {
        try (Compute cpu = processor()) {
            List<PrunedMatrix> expected = choice.prune(cpu, matrices(score));
            List<PrunedMatrix> actual = choice.prune(device(cpu), matrices(score));
            for (int m = 0; m < expected.size(); m++) {
                assertThat(actual.get(m).matrix()).isEqualTo(expected.get(m).matrix());
                assertThat(actual.get(m).pruned()).isEqualTo(expected.get(m).pruned());
                assertThat(actual.get(m).weight().toFloats())
                        .isEqualTo(expected.get(m).weight().toFloats());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.3", "0.5", "0.99"})
    void theDevicesChoiceIsTheProcessorsWithSeed7(String ratio) {
        BigDecimal fraction = new BigDecimal(ratio);
        for (WeightScore score : WeightScore.values()) {
            assertAlike(score, (compute, all) -> RowChoice.of(fraction).prune(compute, all));
            for (WeightAllocation allocation : WeightAllocation.values()) {
                assertAlike(score, (compute, all) -> allocation.prune(compute, all, fraction));
            }
        }
        assertAlike(
                WeightScore.WANDA,
                (compute, all) -> RowChoice.of(new Pattern(2, 4)).prune(compute, all));
    }

    @Test
    void theProcessorNamesTheWeightWhoseScoreIsNotFinite() {
        List<Scored> matrices = matrices(WeightScore.MAGNITUDE);
        matrices.get(1).weight().bytes().putFloat(Float.BYTES * 10, Float.NaN);
        try (Compute cpu = processor()) {
            assertThatThrownBy(() -> RowChoice.of(new BigDecimal("0.5")).prune(device(cpu), matrices))
                    .isInstanceOf(ModelException.class)
                    .hasMessageStartingWith("weight (1, 2) of m1: its score is NaN");
        }
    }
}
