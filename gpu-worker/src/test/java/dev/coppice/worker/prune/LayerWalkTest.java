package dev.coppice.worker.prune;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.Gpus;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.ModelBatch;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.LoadedLanguageModel;
import dev.coppice.worker.model.language.TokenBatch;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A walk layer by layer shows what a run of the whole model shows, in every family. */
class LayerWalkTest {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/llm");

    /** Sum of squares of everything that is shown. */
    private static final class Squares implements Observer {

        private final Map<String, Double> sums = new HashMap<>();

        @Override
        public void see(String name, Compute lane, Tensor tensor) {
            double sum = 0;
            for (float value : lane.download(tensor)) {
                sum += (double) value * value;
            }
            sums.merge(name, sum, Double::sum);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mamba2-original",
                "mamba2-hf",
                "mamba1-hf",
                "mamba1-original",
                "phi-mamba",
                "smol2-mamba",
                "mamba-in-llama",
                "llamba"
            })
    void inputsAreThoseOfTheWholeModelWithSeed1(String family) {
        AssembledModel model = (AssembledModel) ModelFamilies.read(FIXTURES.resolve(family), null);
        List<ModelBatch> batches = List.of(batch(model, 1, 17, 5), batch(model, 2, 31));
        Squares walked = new Squares();
        Squares whole = new Squares();
        try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32);
                Scope scope = compute.scope()) {
            walk(model, batches, compute, LayerWalk.Propagation.DENSE, walked);
            LoadedLanguageModel loaded = model.on(compute);
            batches.forEach(batch -> loaded.hidden((TokenBatch) batch, whole));
        }
        assertThat(walked.sums.keySet())
                .containsAll(model.matrices().stream().map(WeightMatrix::name).toList());
        walked.sums.forEach((name, sum) ->
                assertThat(sum).as(name).isCloseTo(requireNonNull(whole.sums.get(name)), withPercentage(1e-3)));
        assertThat(model.config().matrices()).isEqualTo(model.matrices());
    }

    private static void walk(
            AssembledModel model,
            List<ModelBatch> batches,
            Compute compute,
            LayerWalk.Propagation propagation,
            Observer observer) {
        PruningInputs inputs = PruningInputs.on(compute, new Calibration(batches), 0, () -> {});
        new LayerWalk(model, inputs, propagation).run(new LayerWalk.Visitor() {
            @Override
            public Observer observer(int layer) {
                return observer;
            }

            @Override
            public Map<String, HostArray> leave(int layer) {
                return Map.of();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(LayerWalk.Propagation.class)
    void streamsOnADeviceAreThoseOnTheHostWithSeed3(LayerWalk.Propagation propagation) {
        AssembledModel model = (AssembledModel) ModelFamilies.read(FIXTURES.resolve("smol2-mamba"), null);
        List<ModelBatch> batches = List.of(batch(model, 3, 17, 5), batch(model, 4, 31));
        Squares onHost = new Squares();
        Squares onDevice = new Squares();
        try (Compute cpu = new CpuBackend().open(CpuBackend.NAME, 1, Precision.FLOAT32);
                Compute gpu = new Gpus("0").open("0", 1, Precision.FLOAT32)) {
            walk(model, batches, cpu, propagation, onHost);
            walk(model, batches, gpu, propagation, onDevice);
        }
        assertThat(onDevice.sums).isNotEmpty().isEqualTo(onHost.sums);
    }

    private static TokenBatch batch(AssembledModel model, long seed, int... lengths) {
        Random random = new Random(seed);
        int[][] sequences = new int[lengths.length][];
        for (int s = 0; s < lengths.length; s++) {
            sequences[s] = random.ints(lengths[s], 0, model.vocabulary()).toArray();
        }
        return TokenBatch.of(sequences);
    }
}
