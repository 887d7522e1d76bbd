package dev.coppice.worker.prune.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.ModelBatch;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.LoadedLanguageModel;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.prune.Calibration;
import dev.coppice.worker.prune.LanguagePruneGolden;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.Ranking;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Removal of blocks and mixers against whole runs of every model that could come out. */
class ShedderTest {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/llm");

    private final Compute compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32);

    @AfterEach
    void close() {
        compute.close();
    }

    private Ranking ranking(AssembledModel model, String unit, PruningInputs inputs) {
        return Methods.of("shedder", new TreeMap<>(Map.of("unit", unit))).rank(model, inputs);
    }

    @ParameterizedTest
    @CsvSource({
        "mamba2-original, block",
        "phi-mamba, block",
        "phi-mamba, mixer",
        "smol2-mamba, mixer",
        "mamba-in-llama, block",
        "mamba-in-llama, mixer"
    })
    void eachTimeTheUnitGoesThatIsMissedLeast(String name, String unit) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(name);
        AssembledModel model = golden.model();
        PruningInputs inputs = PruningInputs.on(compute, golden.calibration(), 0, () -> {});
        Removal removal = Removal.valueOf(unit.toUpperCase(Locale.ROOT));
        Set<Integer> left = new HashSet<>();
        IntStream.range(0, model.layers())
                .filter(i -> removal.fits(model.config().mixers().get(i)))
                .forEach(left::add);
        int units = left.size();
        Set<Integer> gone = new HashSet<>();
        Ranking ranking = ranking(model, unit, inputs);
        for (int count = 1; count < units; count++) {
            int best = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int candidate : left.stream().sorted().toList()) {
                Set<Integer> without = new HashSet<>(gone);
                without.add(candidate);
                double loss = loss(removal.without(model, without), golden.calibration());
                best = loss < least ? candidate : best;
                least = Math.min(least, loss);
            }
            left.remove(best);
            gone.add(best);
            RemovalMask mask = (RemovalMask) ranking.mask(new BigDecimal((count + 0.5) / units), inputs);
            assertThat(mask.removed()).isEqualTo(gone);
            assertThat(mask.achievedRatio()).isCloseTo(count / (double) units, within(1e-12));
            golden.requireSameOutputs(mask);
            assertThat(mask.compact(model).parameters()).isLessThan(model.parameters());
        }
    }

    /** Mean loss of the calibration tokens in a whole run. */
    private double loss(AssembledModel model, Calibration calibration) {
        double sum = 0;
        int tokens = 0;
        for (ModelBatch batch : calibration.batches()) {
            TokenBatch own = (TokenBatch) batch;
            try (Scope scope = compute.scope()) {
                LoadedLanguageModel loaded = model.on(compute);
                float[] logits = compute.download(loaded.logits(loaded.hidden(own, Observer.NONE)));
                int vocabulary = model.vocabulary();
                for (int s = 0; s < own.segments().count(); s++) {
                    for (int t = 0; t + 1 < own.segments().length(s); t++) {
                        int row = own.segments().start(s) + t;
                        double all = 0;
                        for (int v = 0; v < vocabulary; v++) {
                            all += Math.exp(logits[row * vocabulary + v]);
                        }
                        sum += Math.log(all) - logits[row * vocabulary + own.ids()[row + 1]];
                        tokens++;
                    }
                }
            }
        }
        return sum / tokens;
    }

    /** A higher ratio removes what a lower one does and more, whichever is asked for first. */
    @Test
    void theOrderDoesNotDependOnTheRatios() {
        LanguagePruneGolden golden = LanguagePruneGolden.of("smol2-mamba");
        PruningInputs inputs = PruningInputs.on(compute, golden.calibration(), 0, () -> {});
        Ranking up = ranking(golden.model(), "block", inputs);
        Ranking down = ranking(golden.model(), "block", inputs);
        Mask one = up.mask(new BigDecimal("0.34"), inputs);
        Mask two = up.mask(new BigDecimal("0.99"), inputs);

        assertThat(down.mask(new BigDecimal("0.99"), inputs)).isEqualTo(two);
        assertThat(down.mask(new BigDecimal("0.34"), inputs)).isEqualTo(one);
        assertThat(((RemovalMask) two).removed())
                .containsAll(((RemovalMask) one).removed())
                .hasSize(2);
        assertThat(up.mask(BigDecimal.ZERO, inputs).achievedRatio()).isZero();
    }

    @Test
    void aModelOfFewerBlocksIsDescribedAndOneWithoutSomeMixersIsNot() {
        for (String name : LanguagePruneGolden.MODELS) {
            AssembledModel model = LanguagePruneGolden.of(name).model();
            AssembledModel fewer = Removal.BLOCK.without(model, Set.of(1));
            assertThat(fewer.config().files().toString()).contains("\"n_layer\":" + (model.layers() - 1));
            assertThat(fewer.checkpoint().names())
                    .noneMatch(tensor -> tensor.contains("layers." + (model.layers() - 1)));
        }
        AssembledModel phi = LanguagePruneGolden.of("phi-mamba").model();
        assertThatThrownBy(() -> Removal.MIXER.without(phi, Set.of(0)).config().files())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("no way to say that a block has no mixer");
    }

    @Test
    void blocksThatAreMixersAreRemovedWhole() {
        assertThat(Methods.of("shedder", new TreeMap<>(Map.of("unit", "mixer")))
                        .refusal(ModelFamilies.describe(FIXTURES.resolve("mamba2-hf"))
                                .config()))
                .isEqualTo(
                        "shedder does not prune mamba2 models by unit = mixer: its blocks are mixers and nothing else;"
                                + " use unit = block");
    }
}
