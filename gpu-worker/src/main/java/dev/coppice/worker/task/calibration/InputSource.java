package dev.coppice.worker.task.calibration;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which of a task's data classifiers are watched on. */
public enum InputSource {
    /** What the task is evaluated on. */
    EVALUATION,
    /** What its models were trained on, or other data that is kept apart. */
    TRAINING;

    /** Name in configs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All names. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(InputSource::label).toList();
    }

    /** The one of this name; null where there is none. */
    public static @Nullable InputSource of(@Nullable String label) {
        return Arrays.stream(values())
                .filter(source -> source.label().equals(label))
                .findFirst()
                .orElse(null);
    }
}
