package dev.coppice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.results.Metrics;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The trained S5 checkpoints on the whole test sets that ship: as many right answers as were counted when they were
 * trained, by other code, to within two. (S4D has its own test; docs/accuracy.md has all of them.)
 */
class TrainedAccuracyTest {

    private static final Path DATA = Path.of("..", "data");

    @ParameterizedTest
    @CsvSource({
        "s5-smnist, smnist, mnist, 10000",
        "s5-psmnist, psmnist, mnist, 10000",
        "s5-listops-short, listops, listops-short, 2000"
    })
    void rightAnswersAreAsManyAsWhenTrained(String checkpoint, String task, String data, int count) throws IOException {
        Path folder = DATA.resolve("checkpoints").resolve(checkpoint);
        double trained = new ObjectMapper()
                .readTree(folder.resolve("RESULTS.json").toFile())
                .required("test_accuracy")
                .doubleValue();
        Metrics metrics;
        try (Stream<LabelledExample> stream = Tasks.classification(
                                task, DATA.resolve(data).toString(), new TreeMap<>())
                        .examples();
                Compute compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32)) {
            List<LabelledExample> examples = stream.toList();
            SequenceClassifier model = (SequenceClassifier) ModelFamilies.read(folder, null);
            try (ClassifierEvaluation evaluation = new ClassifierEvaluation(model, compute, Deadline.in(null))) {
                metrics = evaluation.run(examples).metrics();
            }
        }

        assertThat(metrics.examples()).isEqualTo(count);
        assertThat(metrics.accuracy()).isCloseTo(trained, within(2.5 / count)); // two examples, and rounding
    }
}
