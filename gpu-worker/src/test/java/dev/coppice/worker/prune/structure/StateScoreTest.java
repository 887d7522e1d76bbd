package dev.coppice.worker.prune.structure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.model.mamba1.Mamba1Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.model.mamba2.Mamba2Shape.Part;
import dev.coppice.worker.prune.Calibration;
import dev.coppice.worker.prune.LanguagePruneGolden;
import dev.coppice.worker.prune.LayerWalk;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.prune.state.Allocation;
import dev.coppice.worker.prune.state.Normalisation;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores of states from calibration data: against recordings, and against plain loops where there are none. */
class StateScoreTest {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/llm");
    private static final BigDecimal HALF = new BigDecimal("0.5");

    private final Compute compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32);

    @AfterEach
    void close() {
        compute.close();
    }

    private PruningInputs inputs(Calibration calibration) {
        return PruningInputs.on(compute, calibration, 0, () -> {});
    }

    /** The scores of all layers, one after the other. */
    private double[] scores(AssembledModel model, PartScore score, Calibration calibration) {
        PruningInputs inputs = inputs(calibration);
        List<ScoredLayer> layers = PartGoldenTest.layers(model, MixerPart.STATES);
        List<PartScore.Watching> watched = layers.stream()
                .map(layer -> score.begin(layer.number(), layer.mixer(), layer.stored(model), inputs))
                .toList();
        new LayerWalk(model, inputs, LayerWalk.Propagation.DENSE).run(new LayerWalk.Visitor() {
            @Override
            public Observer observer(int layer) {
                int i = ScoredLayers.index(layers, layer);
                return i < 0 ? Observer.NONE : watched.get(i);
            }

            @Override
            public Map<String, HostArray> leave(int layer) {
                return Map.of();
            }
        });
        return watched.stream()
                .flatMapToDouble(one -> Arrays.stream(ScoredLayers.flat(one.scores())))
                .toArray();
    }

    private static void near(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], withPercentage(5e-3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mamba2-original", "phi-mamba", "smol2-mamba"})
    void lastIsTheReferences(String name) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(name);
        double[] raw = scores(golden.model(), new LastScore(), golden.calibration());
        near(raw, golden.tensor("last_50.raw").toDoubles());

        PruningMethod method = Methods.of("last-mamba2");
        PruningInputs inputs = inputs(golden.calibration());
        Mask mask = method.rank(golden.model(), inputs).mask(HALF, inputs);
        int layers = golden.model().layers();
        int[] keep = golden.tensor("last_50.keep").toInts();
        int units = keep.length / layers;
        List<double[]> scores = IntStream.range(0, layers)
                .mapToObj(l -> Normalisation.SUFFIX_SUM.of(Arrays.copyOfRange(raw, l * units, (l + 1) * units)))
                .toList();
        near(
                scores.stream().flatMapToDouble(Arrays::stream).toArray(),
                golden.tensor("last_50.scores").toDoubles());
        assertThat(PartGoldenTest.ints(Allocation.GLOBAL.keep(scores, HALF))).isEqualTo(keep);
        assertThat(mask.keptPerLayer())
                .isEqualTo(IntStream.range(0, layers)
                        .map(l ->
                                Arrays.stream(keep, l * units, (l + 1) * units).sum())
                        .boxed()
                        .toList());
        golden.requireLogits(mask.compact(golden.model()), "last_50");
        golden.requireLogits(mask.applyTo(golden.model()), "last_50");
        golden.requireSameOutputs(mask);
    }

    /** Groups that keep fewer states than another one of their layer are filled up; the row must not call these parameters. */
    @Test
    void statesThatFillUpCountAsZeros() {
        LanguagePruneGolden golden = LanguagePruneGolden.of("phi-mamba");
        PruningInputs inputs = inputs(golden.calibration());
        Mask mask = Methods.of("last-mamba2").rank(golden.model(), inputs).mask(HALF, inputs);
        AssembledModel compact = (AssembledModel) mask.compact(golden.model());
        int padded = 0; // states of all groups and layers that are there and were not kept
        for (int l = 0; l < compact.layers(); l++) {
            Mamba2Shape shape = (Mamba2Shape) compact.config().mixers().get(l);
            padded += shape.bGroups() * shape.states() - mask.keptPerLayer().get(l);
        }
        Mamba2Shape shape = (Mamba2Shape) compact.config().mixers().get(0);
        assertThat(padded).isPositive();
        assertThat(mask.zeros()).isEqualTo(2L * padded * (shape.width() + shape.convWidth() + 1));
    }

    /** GHOST's score is the mean square of what zeroing the state changes in y. */
    @ParameterizedTest
    @ValueSource(strings = {"mamba2-original", "phi-mamba", "mamba-in-llama"})
    void ghostIsTheMeanSquareOfTheChange(String name) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(name);
        near(
                scores(golden.model(), new GhostScore(), golden.calibration()),
                changes(golden.model(), golden.calibration()));
    }

    /** Plain loops in float64 over everything that a mixer shows. */
    private double[] changes(AssembledModel model, Calibration calibration) {
        List<Double> all = new ArrayList<>();
        for (ScoredLayer layer : PartGoldenTest.layers(model, MixerPart.STATES)) {
            Mamba2Mixer mixer = (Mamba2Mixer) layer.mixer();
            Mamba2Shape s = mixer.shape();
            Map<String, List<float[]>> seen = seen(model, calibration);
            double[][] sum = new double[s.bGroups()][s.states()];
            int rows = 0;
            for (int batch = 0; batch < calibration.batches().size(); batch++) {
                float[] in = requireNonNull(seen.get(mixer.inProj().name() + Mamba2Mixer.PROJECTED))
                        .get(batch);
                float[] xbc = requireNonNull(seen.get(mixer.prefix() + Mamba2Mixer.CONVOLVED))
                        .get(batch);
                TokenBatch tokens = (TokenBatch) calibration.batches().get(batch);
                rows += tokens.rows();
                for (int sequence = 0; sequence < tokens.segments().count(); sequence++) {
                    double[][][] state = new double[s.heads()][s.headWidth()][s.states()];
                    for (int t = 0; t < tokens.segments().length(sequence); t++) {
                        int row = tokens.segments().start(sequence) + t;
                        for (int h = 0; h < s.heads(); h++) {
                            double a = in[row * s.projected() + s.from(Part.DT) + h];
                            boolean discrete = s.step() == SsdStep.DISCRETE;
                            double dt = Math.log(1 + Math.exp(discrete ? a : a + requireNonNull(mixer.dtBias())[h]));
                            double decay = Math.exp(discrete ? -dt : -dt * Math.exp(requireNonNull(mixer.aLog())[h]));
                            int g = h / (s.heads() / s.bGroups());
                            int x = row * s.convolved() + h / (s.heads() / s.xHeads()) * s.headWidth();
                            int b = row * s.convolved() + s.xHeads() * s.headWidth() + g * s.states();
                            int c = row * s.convolved()
                                    + s.xHeads() * s.headWidth()
                                    + s.bGroups() * s.states()
                                    + h / (s.heads() / s.cGroups()) * s.states();
                            for (int p = 0; p < s.headWidth(); p++) {
                                for (int n = 0; n < s.states(); n++) {
                                    state[h][p][n] =
                                            decay * state[h][p][n] + (discrete ? 1 : dt) * xbc[x + p] * xbc[b + n];
                                    double change = xbc[c + n] * state[h][p][n];
                                    sum[g][n] += change * change;
                                }
                            }
                        }
                    }
                }
            }
            for (double one : ScoredLayers.flat(sum)) {
                all.add(one / rows);
            }
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Everything that the model's layers show on the batches. */
    private Map<String, List<float[]>> seen(AssembledModel model, Calibration calibration) {
        Map<String, List<float[]>> seen = new TreeMap<>();
        new LayerWalk(model, inputs(calibration), LayerWalk.Propagation.DENSE).run(new LayerWalk.Visitor() {
            @Override
            public Observer observer(int layer) {
                return (String name, Compute lane, Tensor tensor) ->
                        seen.computeIfAbsent(name, key -> new ArrayList<>()).add(lane.download(tensor));
            }

            @Override
            public Map<String, HostArray> leave(int layer) {
                return Map.of();
            }
        });
        return seen;
    }

    /** In one pass and layer by layer; the first layer is chosen alike, and both prune half of every group. */
    @Test
    void ghostPrunesHalfOfEveryGroupEitherWay() {
        LanguagePruneGolden golden = LanguagePruneGolden.of("phi-mamba");
        PruningInputs inputs = inputs(golden.calibration());
        for (String propagate : List.of("pruned", "dense")) {
            Mask mask = Methods.of("ghost", new TreeMap<>(Map.of("propagate", propagate)))
                    .rank(golden.model(), inputs)
                    .mask(HALF, inputs);
            assertThat(mask.achievedRatio()).isEqualTo(0.5);
            assertThat(mask.keptPerLayer()).containsExactly(24, 24, 24);
            golden.requireSameOutputs(mask);
        }
    }

    /** Mamba-1: LAST with A of each channel and state, against plain loops. */
    @ParameterizedTest
    @ValueSource(strings = {"mamba1-hf", "mamba1-original"})
    void lastOfMamba1IsThePlainLoops(String name) {
        AssembledModel model = (AssembledModel) ModelFamilies.read(FIXTURES.resolve(name), null);
        Calibration calibration = new Calibration(List.of(
                TokenBatch.of(new int[] {1, 5, 9, 33, 7, 2}, new int[] {8, 8, 3}),
                TokenBatch.of(new int[] {60, 2, 11, 4})));
        Map<String, List<float[]>> seen = seen(model, calibration);
        List<Double> expected = new ArrayList<>();
        for (ScoredLayer layer : PartGoldenTest.layers(model, MixerPart.STATES)) {
            Mamba1Mixer m = (Mamba1Mixer) layer.mixer();
            int inner = m.shape().inner();
            int states = m.shape().states();
            float[] x = joined(seen.get(m.xProj().name()));
            float[] bc = joined(seen.get(m.xProj().name() + Mamba1Mixer.OUTPUT));
            float[] steps = joined(seen.get(m.dtProj().name() + Mamba1Mixer.OUTPUT));
            int rows = x.length / inner;
            for (int n = 0; n < states; n++) {
                double readings = 0;
                for (int r = 0; r < rows; r++) {
                    readings += Math.pow(bc[r * 2 * states + states + n], 2) / rows;
                }
                double score = 0;
                for (int c = 0; c < inner; c++) {
                    double drives = 0;
                    double power = 0;
                    double step = 0;
                    for (int r = 0; r < rows; r++) {
                        double dt = Math.log(1 + Math.exp(steps[r * inner + c] + m.dtBias()[c]));
                        drives += Math.pow(dt * bc[r * 2 * states + n], 2) / rows;
                        power += Math.pow(x[r * inner + c], 2) / rows;
                        step += dt / rows;
                    }
                    double a = -Math.exp(m.aLog()[c * states + n]);
                    score += readings * drives * power / (Math.pow(1 - Math.exp(step * a), 2) + 1e-8);
                }
                expected.add(score);
            }
        }
        near(
                scores(model, new Mamba1LastScore(), calibration),
                expected.stream().mapToDouble(Double::doubleValue).toArray());

        PruningInputs inputs = inputs(calibration);
        Mask mask = Methods.of("last-mamba1").rank(model, inputs).mask(HALF, inputs);
        assertThat(mask.achievedRatio()).isGreaterThan(0.4);
        LanguagePruneGolden.requireSameOutputs(model, mask, new int[] {3, 1, 4, 1, 5, 9, 2, 6});
        assertThat(mask.compact(model).stateSize()).isLessThan(model.stateSize());
    }

    private static float[] joined(@Nullable List<float[]> seen) {
        List<float[]> parts = requireNonNull(seen);
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int next = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, next, part.length);
            next += part.length;
        }
        return all;
    }
}
