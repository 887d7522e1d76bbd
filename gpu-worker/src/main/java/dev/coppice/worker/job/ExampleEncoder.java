package dev.coppice.worker.job;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.input.Input;
import dev.coppice.worker.model.InputException;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.LabelledExample;
import java.util.ArrayList;
import java.util.List;

/** Turns examples into a model's batches, and says which example it is that does not fit. */
final class ExampleEncoder {

    private final SequenceClassifier model;

    ExampleEncoder(SequenceClassifier model) {
        this.model = model;
    }

    /** The examples in order, in batches of about one size whose steps suit {@code compute} for one call. */
    List<List<LabelledExample>> batches(List<LabelledExample> examples, Compute compute) {
        int most = Math.max(1, compute.preferredSteps() / model.sequenceLength());
        int count = Math.max(1, (examples.size() + most - 1) / most);
        return batches(examples, (examples.size() + count - 1) / count);
    }

    /** The examples in order, in batches of {@code most}, or of one where that is less, and a rest. */
    List<List<LabelledExample>> batches(List<LabelledExample> examples, int most) {
        int size = Math.max(1, most);
        List<List<LabelledExample>> batches = new ArrayList<>();
        for (int from = 0; from < examples.size(); from += size) {
            batches.add(examples.subList(from, Math.min(examples.size(), from + size)));
        }
        return batches;
    }

    /**
     * The examples as one batch.
     *
     * @throws DataException when one does not fit the model
     */
    SequenceBatch encode(List<LabelledExample> examples) {
        try {
            return model.encode(
                    examples.stream().<Input>map(LabelledExample::input).toList());
        } catch (InputException e) {
            throw refused(examples, e);
        }
    }

    /** Which example is to blame shows when each is encoded alone. */
    private RuntimeException refused(List<LabelledExample> examples, InputException ofBatch) {
        for (LabelledExample example : examples) {
            try {
                model.encode(List.of(example.input()));
            } catch (InputException e) {
                return new DataException("example " + example.index() + ": " + e.getMessage(), e);
            }
        }
        return ofBatch;
    }
}
