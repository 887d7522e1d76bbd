package dev.coppice.worker.model.s4d;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.model.ClassifierCase;
import dev.coppice.worker.model.LoadedClassifier;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.Tasks;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The trained checkpoint on all its test data: as many right answers as RESULTS.json says, to within two. */
class S4dAccuracyTest {

    private static final Path DATA = Path.of("..", "data");

    @Test
    void sequentialMnist() {
        SequenceClassifier model = (SequenceClassifier)
                ClassifierCase.model(DATA.resolve("checkpoints/s4d-smnist"), "weights.safetensors");
        List<LabelledExample> examples = Tasks.classification(
                        "smnist", DATA.resolve("mnist").toString(), new TreeMap<>())
                .examples()
                .toList();
        AtomicInteger right = new AtomicInteger();
        try (Compute compute = TestBackend.open(2);
                Scope scope = compute.scope()) {
            LoadedClassifier loaded = model.on(compute);
            compute.parallel(examples.size(), (piece, lane) -> {
                LabelledExample example = examples.get(piece);
                float[] logits =
                        lane.download(loaded.logits(lane, model.encode(List.of(example.input())), Observer.NONE));
                right.addAndGet(largest(logits) == example.label() ? 1 : 0);
            });
        }

        assertThat(examples).hasSize(10_000);
        assertThat(right.get()).isCloseTo(9770, within(2));
    }

    private static int largest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            largest = values[i] > values[largest] ? i : largest;
        }
        return largest;
    }
}
