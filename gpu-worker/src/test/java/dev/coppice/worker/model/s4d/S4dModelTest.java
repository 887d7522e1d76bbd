package dev.coppice.worker.model.s4d;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.model.ClassifierCase;
import dev.coppice.worker.model.DiagonalStates;
import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.NamedArray;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.layer.Discretization;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.CheckpointException;
import dev.coppice.worker.weights.Fixtures;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class S4dModelTest {

    private static final String CASE = "s4d_full_bi_zoh";

    private static S4dModel model(String name, String weights) {
        return (S4dModel) ClassifierCase.model(Fixtures.folder(name), weights);
    }

    /** H 12, n 4, D 2, 2 layers, shared poles: A and B 16, C 192, dt and D 24 in each layer. */
    @Test
    void countsParametersAndStates() {
        S4dModel model = model(CASE, "weights.safetensors");

        assertThat(model.mixerParameters()).isEqualTo(2 * (16 + 192 + 24));
        assertThat(model.parameters())
                .isEqualTo(model.mixerParameters() + 15 * 12 + 2 * (24 * 12 + 24 + 24) + 24 + 6 * 12 + 6);
        assertThat(model.stateSize()).isEqualTo(2 * 2 * 2 * 48);
        assertThat(model.classes()).isEqualTo(6);
        assertThat(model.sequenceLength()).isEqualTo(55);
    }

    @Test
    void compactedModelsAreSmaller() {
        S4dModel model = model(CASE, "weights.safetensors");
        boolean[] everySecond = new boolean[48];
        for (int s = 0; s < 48; s += 2) {
            everySecond[s] = true;
        }
        boolean[] none = new boolean[48];
        S4dModel small = model.compacted(new KeptStates(List.of(everySecond, none)));

        assertThat(small.stateSize()).isEqualTo(2 * 2 * 24);
        assertThat(small.mixerParameters()).isEqualTo((8 + 96 + 24) + 24);
        assertThat(small.bytes()).isLessThan(model.bytes());
        assertThat(small.states()).extracting(DiagonalStates::count).containsExactly(24, 0);
        assertThat(small.states().get(0).outputNorms()).hasDimensions(2, 24);
    }

    @Test
    void magnitudesAreThoseOfTheDiscreteSystems() {
        S4dModel model = model(CASE, "weights.safetensors");
        DiagonalStates states = model.states().get(1);
        List<NamedArray> arrays = model.discreteParameters();
        double[] re = arrays.stream()
                .filter(a -> a.name().equals("layer1.lam_bar_re"))
                .findFirst()
                .orElseThrow()
                .values();
        double[] im = arrays.stream()
                .filter(a -> a.name().equals("layer1.lam_bar_im"))
                .findFirst()
                .orElseThrow()
                .values();

        assertThat(states.layer()).isEqualTo(1);
        assertThat(states.channels()).isEqualTo(12);
        assertThat(states.lamBarAbs()[7]).isCloseTo(Math.hypot(re[7], im[7]), within(1e-15));
    }

    @Test
    void refusesMasksOfOtherModels() {
        S4dModel model = model(CASE, "weights.safetensors");
        assertThatThrownBy(() -> model.compacted(new KeptStates(List.of(new boolean[48]))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a mask of 1 layers for a model of 2");
        assertThatThrownBy(() -> model.zeroed(new KeptStates(List.of(new boolean[48], new boolean[47]))))
                .hasMessage("a mask of 47 states for layer 1, which has 48");
    }

    @Test
    void refusesWeightsOfAnotherShape() {
        ObjectNode config = S4dConfigTest.json(CASE);
        config.put("d_state", 10).put("states_per_channel_stored", 5);
        S4dFamily family = new S4dFamily();
        try (Checkpoint checkpoint = Fixtures.open(CASE, "weights.safetensors")) {
            assertThatThrownBy(() -> family.read(family.config(Fixtures.folder(CASE), config), checkpoint))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("weights.safetensors")
                    .hasMessageContaining("kernel.A_real");
        }
    }

    @Test
    void torchCheckpointsGiveTheSameModel() {
        for (String name : Fixtures.S4D) {
            S4dModel fromSafetensors = model(name, "weights.safetensors");
            S4dModel fromTorch = model(name, "weights.pt");

            assertThat(fromTorch.discreteParameters())
                    .usingRecursiveComparison()
                    .isEqualTo(fromSafetensors.discreteParameters());
        }
    }

    /** A positive real part, as training can leave behind: lambda_bar lies outside the unit circle. */
    @Test
    void unstableSystemsAreDiscretisedAndKeepFiniteMagnitudes() {
        S4dContinuous unstable = new S4dContinuous(
                1,
                2,
                new double[] {0.5, -0.5},
                new double[] {3, 3},
                new double[] {1, 0, 1, 0},
                new double[] {1, 0, 1, 0},
                new double[] {0.1},
                new float[] {0});

        DiagonalStates states =
                S4dDiscretisation.discretise(unstable, Discretization.ZOH).magnitudes(0);

        assertThat(states.lamBarAbs()[0]).isCloseTo(Math.exp(0.05), within(1e-15));
        assertThat(Arrays.stream(states.inputNorm())).allMatch(Double::isFinite);
    }

    @Test
    void twoLanesGiveTheBitsOfOne() {
        try (ClassifierCase golden = new ClassifierCase(CASE);
                Compute compute = TestBackend.open(2)) {
            Model model = golden.classifier();
            SequenceBatch batch = golden.batch();
            float[] alone = ClassifierCase.output(compute, model, batch, "logits", Observer.NONE);
            float[][] onLanes = new float[4][];
            compute.parallel(
                    4,
                    (piece, lane) ->
                            onLanes[piece] = ClassifierCase.output(lane, model, batch, "logits", Observer.NONE));

            for (float[] logits : onLanes) {
                assertThat(logits).isEqualTo(alone);
            }
        }
    }
}
