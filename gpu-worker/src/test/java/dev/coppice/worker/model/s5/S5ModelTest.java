package dev.coppice.worker.model.s5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.model.ClassifierCase;
import dev.coppice.worker.model.DiagonalStates;
import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.CheckpointException;
import dev.coppice.worker.weights.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class S5ModelTest {

    private static final String CASE = "s5_rescale_clip"; // H 12, P 8, 3 layers, two directions, half_glu1, batch norm

    private static ObjectNode config(String name) throws IOException {
        Path file = Fixtures.folder(name).resolve("config.json");
        return (ObjectNode) new ObjectMapper().readTree(Files.readString(file));
    }

    private static S5Config configOf(String name, ObjectNode node) {
        return (S5Config) new S5Family().config(Fixtures.folder(name), node);
    }

    @Test
    void stepRescaleOneGivesTheFullRateModel() throws IOException {
        S5Family family = new S5Family();
        try (ClassifierCase golden = new ClassifierCase(CASE);
                Checkpoint weights = Fixtures.open(CASE, "weights.safetensors");
                Compute compute = TestBackend.open(1)) {
            S5Config atFullRate = configOf(CASE, config(CASE)).withStepRescale(1);
            float[] logProbs = ClassifierCase.output(
                    compute, family.read(atFullRate, weights), golden.batch("x_full_rate"), "log_probs", Observer.NONE);
            assertThat(logProbs).containsExactly(golden.golden("log_probs_full_rate"), Offset.offset(1e-4f));
        }
    }

    @Test
    void flaxCheckpointsGiveTheSameModel() {
        for (String name : Fixtures.S5) {
            S5Model fromSafetensors = (S5Model) ClassifierCase.model(Fixtures.folder(name), "weights.safetensors");
            S5Model fromFlax = (S5Model) ClassifierCase.model(Fixtures.folder(name), "weights.msgpack");
            assertThat(fromFlax.discreteParameters())
                    .usingRecursiveComparison()
                    .isEqualTo(fromSafetensors.discreteParameters());
        }
    }

    /** Lambda and log_step 3 P, B 2 P H, C 4 P H, D H in each layer; the conjugates are not stored. */
    @Test
    void countsParametersAndStates() {
        try (ClassifierCase golden = new ClassifierCase(CASE)) {
            S5Model model = (S5Model) golden.classifier();
            assertThat(model.mixerParameters()).isEqualTo(3 * (3 * 8 + 6 * 8 * 12 + 12));
            assertThat(model.parameters())
                    .isEqualTo(model.mixerParameters() + 2 * 12 + 3 * (24 + 12 * 12 + 12) + 7 * 12 + 7);
            assertThat(model.stateSize()).isEqualTo(3 * 2 * 2 * 8);
        }
    }

    @Test
    void compactedModelsAreSmallerAndMayHaveEmptyLayers() {
        try (ClassifierCase golden = new ClassifierCase(CASE);
                Compute compute = TestBackend.open(1)) {
            boolean[] three = new boolean[8];
            Arrays.fill(three, 0, 3, true);
            KeptStates kept = new KeptStates(List.of(three, new boolean[8], three));
            S5Model small = ((S5Model) golden.classifier()).compacted(kept);
            assertThat(small.states()).extracting(DiagonalStates::count).containsExactly(3, 0, 3);
            assertThat(small.mixerParameters()).isEqualTo(2 * 3 * (3 + 6 * 12) + 3 * 12);
            assertThat(ClassifierCase.output(compute, small, golden.batch(), "logits", Observer.NONE))
                    .doesNotContain(Float.NaN);
            assertThatThrownBy(() -> small.compacted(kept)).hasMessage("a mask of 8 states for layer 0, which has 3");
        }
    }

    @Test
    void sequencesDoNotDependOnTheirBatch() {
        try (ClassifierCase golden = new ClassifierCase("s5_bi_zoh_halfglu2");
                Compute compute = TestBackend.open(2)) {
            SequenceBatch batch = golden.batch();
            float[] together = ClassifierCase.output(compute, golden.classifier(), batch, "logits", Observer.NONE);
            int classes = golden.classifier().classes();
            float[] apart = new float[together.length];
            compute.parallel(batch.sequences(), (b, lane) -> {
                int[] tokens = Arrays.copyOfRange(batch.tokens(), b * batch.steps(), (b + 1) * batch.steps());
                SequenceBatch one = SequenceBatch.ofTokens(1, batch.steps(), tokens, new int[] {batch.lengths()[b]});
                float[] logits = ClassifierCase.output(lane, golden.classifier(), one, "logits", Observer.NONE);
                System.arraycopy(logits, 0, apart, b * classes, classes);
            });
            float largest = 0;
            for (float logit : together) {
                largest = Math.max(largest, Math.abs(logit));
            }
            assertThat(apart).containsExactly(together, within((float) (TestBackend.batchTolerance() * largest)));
        }
    }

    @Test
    void wrongConfigsNameFileAndKey() throws IOException {
        assertThatThrownBy(() -> configOf(CASE, config(CASE).put("activation", "relu")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("config.json: \"activation\" is \"relu\", expected one of gelu, half_glu1");
        assertThatThrownBy(() -> configOf(CASE, config(CASE).put("state_size_stored", 9)))
                .hasMessageContaining("expected 8, which follows from ssm_size_base and conj_sym");
        assertThatThrownBy(() -> configOf(CASE, config(CASE).put("step_rescale", 0)))
                .hasMessageContaining("a number above 0");
        ObjectNode missing = config(CASE);
        missing.remove("d_model");
        assertThatThrownBy(() -> configOf(CASE, missing)).hasMessageContaining("the key \"d_model\" is missing");
    }

    @Test
    void weightsOfAnotherArchitectureAreRefused() throws IOException {
        S5Family family = new S5Family();
        S5Config config = configOf(CASE, config(CASE));
        try (Checkpoint other = Fixtures.open("s4d_full_bi_zoh", "weights.safetensors")) {
            assertThatThrownBy(() -> family.read(config, other))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("params/encoder/layers_0/norm/scale")
                    .hasMessageContaining("Is it a checkpoint of another architecture?");
        }
    }

    @Test
    void saysWhichInputsItTakes() throws IOException {
        S5Config tokens = configOf("s5_bi_zoh_halfglu2", config("s5_bi_zoh_halfglu2"));
        int classes = tokens.classes();
        assertThat(tokens.refusal(InputSpec.LANGUAGE))
                .isEqualTo("the model classifies sequences, the task scores the tokens of texts");
        assertThat(tokens.refusal(new InputSpec(InputKind.TOKEN_IDS, 0, 0, false, false, classes)))
                .isNull();
        assertThat(tokens.refusal(new InputSpec(InputKind.TOKEN_IDS, 0, 0, false, false, classes + 1)))
                .contains("classes");
        assertThat(tokens.refusal(new InputSpec(InputKind.PIXELS, 40, 1, false, false, classes)))
                .contains("tokens");
        assertThat(tokens.refusal(new InputSpec(InputKind.TOKEN_IDS, 0, 0, false, true, classes)))
                .contains("pairs of documents");
    }
}
