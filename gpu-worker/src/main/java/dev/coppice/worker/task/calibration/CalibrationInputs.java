package dev.coppice.worker.task.calibration;

import dev.coppice.worker.task.ClassificationTask;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.LabelledExample;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Inputs of a classification task to watch models on; nobody looks at their labels. */
public final class CalibrationInputs {

    private final ClassificationTask task;
    private final String path;

    /**
     * Inputs of a task over all of its data.
     *
     * @param path where the data lies, for messages
     */
    public CalibrationInputs(ClassificationTask task, String path) {
        this.task = task;
        this.path = path;
    }

    /** Why there are too few; null when there are enough. */
    public @Nullable String shortage(InputSettings settings) {
        int size = task.size();
        return size >= settings.samples()
                ? null
                : path + ": holds " + size + " examples of " + task.name() + ", and " + settings.samples()
                        + " are asked for to calibrate on; lower samples";
    }

    /**
     * Different examples, drawn by chance: of n, place i of a list of all is exchanged with one from i to n - 1 by the seed's
     * MT19937, for as many places as there are samples.
     *
     * @return in the order of the data
     * @throws DataException when there are too few, or the data cannot be read
     */
    public List<LabelledExample> draw(InputSettings settings) {
        String shortage = shortage(settings);
        if (shortage != null) {
            throw new DataException(shortage);
        }
        int[] places = IntStream.range(0, task.size()).toArray();
        boolean[] drawn = new boolean[places.length];
        MersenneTwister random = new MersenneTwister(settings.seed());
        for (int i = 0; i < settings.samples(); i++) {
            int j = i + random.below(places.length - i);
            drawn[places[j]] = true;
            places[j] = places[i];
        }
        try (Stream<LabelledExample> examples = task.examples()) {
            return examples.filter(example -> drawn[example.index()]).toList();
        }
    }
}
