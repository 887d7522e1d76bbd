package dev.coppice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.results.Metrics;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.input.TokenIds;
import dev.coppice.worker.model.ClassifierCase;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.Fixtures;
import dev.coppice.worker.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierEvaluationTest {

    private static final String CASE = "s5_bi_zoh_halfglu2"; // 13 tokens, T 50, 3 layers of 10 states, 10 classes

    @TempDir
    private Path folder;

    private static SequenceClassifier model() {
        return (SequenceClassifier) ClassifierCase.model(Fixtures.folder(CASE), "weights.safetensors");
    }

    /** The model with all eigenvalues' real parts replaced. */
    private SequenceClassifier modelWithRealParts(float realPart) throws IOException {
        Files.copy(Fixtures.folder(CASE).resolve("config.json"), folder.resolve("config.json"));
        Map<String, HostArray> tensors = new TreeMap<>();
        try (Checkpoint weights = Fixtures.open(CASE, "weights.safetensors")) {
            for (String name : weights.names()) {
                HostArray array = weights.read(name);
                if (name.endsWith("layers_1/seq/Lambda_re")) {
                    float[] values = new float[array.shape()[0]];
                    Arrays.fill(values, realPart);
                    array = HostArray.ofFloats(values, array.shape());
                }
                tensors.put(name, array);
            }
            SafetensorsWriter.write(folder.resolve("weights.safetensors"), tensors, Map.of());
        }
        return (SequenceClassifier) ClassifierCase.model(folder, "weights.safetensors");
    }

    private static List<LabelledExample> examples(int count, long seed) {
        Random random = new Random(seed);
        List<LabelledExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] ids = random.ints(1 + random.nextInt(50), 0, 13).toArray();
            examples.add(new LabelledExample(i, new TokenIds(ids), random.nextInt(10)));
        }
        return examples;
    }

    private static Metrics evaluate(SequenceClassifier model, List<LabelledExample> examples, int threads) {
        try (Compute compute = TestBackend.open(threads);
                ClassifierEvaluation evaluation = new ClassifierEvaluation(model, compute, Deadline.in(null))) {
            return evaluation.run(examples).metrics();
        }
    }

    @Test
    void metricsAreThoseOfEveryExampleOnItsOwnSeed1() {
        SequenceClassifier model = model();
        List<LabelledExample> examples = examples(57, 1);
        int right = 0;
        double loss = 0;
        long tokens = 0;
        try (Compute compute = TestBackend.open(1)) {
            for (LabelledExample example : examples) {
                float[] logits = ClassifierCase.output(
                        compute, model, model.encode(List.of(example.input())), "logits", Observer.NONE);
                double sum = 0;
                int best = 0;
                for (int c = 0; c < logits.length; c++) {
                    sum += Math.exp(logits[c]);
                    best = logits[c] > logits[best] ? c : best;
                }
                right += best == example.label() ? 1 : 0;
                loss += Math.log(sum) - logits[example.label()];
                tokens += ((TokenIds) example.input()).ids().length;
            }
        }

        Metrics metrics = evaluate(model, examples, 2);
        double accuracy = right / 57.0;
        assertThat(metrics.accuracy()).isEqualTo(accuracy);
        assertThat(metrics.accuracyStderr()).isCloseTo(Math.sqrt(accuracy * (1 - accuracy) / 56), within(1e-15));
        assertThat(metrics.loss()).isCloseTo(loss / 57, within(1e-5));
        assertThat(metrics.examples()).isEqualTo(57);
        assertThat(metrics.tokens()).isEqualTo(tokens);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void threadsChangeNothingSeed2(int threads) {
        SequenceClassifier model = model();
        List<LabelledExample> examples = examples(150, 2);

        assertThat(evaluate(model, examples, threads)).isEqualTo(evaluate(model, examples, 1));
    }

    @Test
    void layersStayForFurtherRunsSeed7() {
        List<LabelledExample> examples = examples(40, 7);
        try (Compute compute = TestBackend.open(2);
                ClassifierEvaluation evaluation = new ClassifierEvaluation(model(), compute, Deadline.in(null))) {
            Metrics first = evaluation.run(examples).metrics();
            List<float[]> logProbs = evaluation.forward(evaluation.encoded(examples));
            long peak = compute.peakBytes();

            assertThat(evaluation.run(examples).metrics()).isEqualTo(first).isEqualTo(evaluate(model(), examples, 1));
            assertThat(compute.peakBytes()).isEqualTo(peak);
            double loss = 0;
            int example = 0;
            for (float[] batch : logProbs) {
                for (int row = 0; row < batch.length; row += 10) {
                    loss -= batch[row + examples.get(example++).label()];
                }
            }
            assertThat(loss / 40).isCloseTo(first.loss(), within(1e-12));
        }
    }

    @Test
    void growingStatesStillEvaluateSeed3() throws IOException {
        Metrics metrics = evaluate(modelWithRealParts(0.05f), examples(20, 3), 1); // |lambda_bar| above 1

        assertThat(metrics.loss()).isFinite();
    }

    @Test
    void overflowNamesExampleAndFirstIntermediateSeed4() throws IOException {
        SequenceClassifier model = modelWithRealParts(1e4f);

        assertThatThrownBy(() -> evaluate(model, examples(3, 4), 1))
                .isInstanceOf(NumericException.class)
                .hasMessageStartingWith("the output of example 0 for class 0 is NaN")
                .hasMessageContaining("the first activations with NaN or infinity are in layer1.ssm_out");
    }

    @Test
    void wrongLabelsAndInputsNameTheExampleSeed5() {
        List<LabelledExample> examples = examples(9, 5);
        examples.set(6, new LabelledExample(6, new TokenIds(new int[] {1, 13}), 0));
        assertThatThrownBy(() -> evaluate(model(), examples, 1))
                .isInstanceOf(DataException.class)
                .hasMessage("example 6: token 1 has the id 13; the model knows 0 to 12");

        examples.set(6, new LabelledExample(6, new TokenIds(new int[] {1}), 10));
        assertThatThrownBy(() -> evaluate(model(), examples, 1))
                .isInstanceOf(DataException.class)
                .hasMessage("example 6 has the label 10; the model has the classes 0 to 9");
    }

    @Test
    void stopsAtItsDeadlineAndWhenInterruptedSeed6() {
        SequenceClassifier model = model();
        List<LabelledExample> examples = examples(3, 6);
        Deadline past = Deadline.in(Duration.ofNanos(-1));
        try (Compute compute = TestBackend.open(1);
                ClassifierEvaluation late = new ClassifierEvaluation(model, compute, past);
                ClassifierEvaluation interrupted = new ClassifierEvaluation(model, compute, Deadline.in(null))) {
            assertThatThrownBy(() -> late.run(examples)).isInstanceOf(Deadline.TimeoutException.class);

            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> interrupted.run(examples)).isInstanceOf(Deadline.CancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
