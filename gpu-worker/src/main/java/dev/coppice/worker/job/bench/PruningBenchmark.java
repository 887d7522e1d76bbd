package dev.coppice.worker.job.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.prune.Calibration;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.prune.Ranking;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** How long a method takes to prune a language model at several ratios, as the jobs of a sweep do on one executor. */
public final class PruningBenchmark {

    private PruningBenchmark() {}

    /**
     * What was measured, without warming up: pruning a model is done once.
     *
     * @param scoreSeconds of the pass that serves all ratios
     * @param maskSeconds of each ratio, with the model put together
     * @param processorSeconds of all threads
     * @param achieved ratio of each
     * @param peakTensorBytes most memory of the device that tensors took
     * @param replacedBytes of the matrices that take the place of pruned ones, of one ratio
     */
    public record Result(
            double scoreSeconds,
            double[] maskSeconds,
            double processorSeconds,
            double[] achieved,
            long peakTensorBytes,
            long replacedBytes) {

        /** Seconds from the first score to the last pruned model. */
        public double seconds() {
            double sum = scoreSeconds;
            for (double each : maskSeconds) {
                sum += each;
            }
            return sum;
        }
    }

    /**
     * Prunes {@code model} at each ratio.
     *
     * @param samples calibration sequences of random tokens
     * @param length tokens of each
     */
    public static Result measure(
            AssembledModel model,
            PruningMethod method,
            List<BigDecimal> ratios,
            int samples,
            int length,
            Compute compute,
            long seed) {
        Calibration calibration = calibration(
                model.vocabulary(), samples, length, compute.language().preferredRows(), new Random(seed));
        PruningInputs inputs = PruningInputs.on(compute, calibration, seed, () -> {});
        OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long processorStart = process.getProcessCpuTime();
        long start = System.nanoTime();
        Ranking ranking = method.rank(model, inputs);
        double scoreSeconds = 1e-9 * (System.nanoTime() - start);
        double[] maskSeconds = new double[ratios.size()];
        double[] achieved = new double[ratios.size()];
        long replaced = 0;
        for (int i = 0; i < maskSeconds.length; i++) {
            start = System.nanoTime();
            Mask mask = ranking.mask(ratios.get(i), inputs);
            AssembledModel pruned = (AssembledModel) mask.compact(model);
            maskSeconds[i] = 1e-9 * (System.nanoTime() - start);
            achieved[i] = mask.achievedRatio();
            replaced = pruned.matrices().stream()
                    .filter(matrix -> pruned.matrix(matrix.name()) != model.matrix(matrix.name()))
                    .mapToLong(matrix -> pruned.matrix(matrix.name()).bytes().remaining())
                    .sum();
        }
        return new Result(
                scoreSeconds,
                maskSeconds,
                1e-9 * (process.getProcessCpuTime() - processorStart),
                achieved,
                compute.peakBytes(),
                replaced);
    }

    private static Calibration calibration(int vocabulary, int samples, int length, int rows, Random random) {
        List<TokenBatch> batches = new ArrayList<>();
        int perBatch = Math.max(1, rows / length);
        for (int from = 0; from < samples; from += perBatch) {
            int[][] sequences = new int[Math.min(perBatch, samples - from)][length];
            for (int[] sequence : sequences) {
                for (int t = 0; t < length; t++) {
                    sequence[t] = random.nextInt(vocabulary);
                }
            }
            batches.add(TokenBatch.of(sequences));
        }
        return new Calibration(List.copyOf(batches));
    }
}
