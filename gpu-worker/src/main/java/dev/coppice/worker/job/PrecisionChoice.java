package dev.coppice.worker.job;

import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.input.InputKind;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which arithmetic a backend has for which models. */
public final class PrecisionChoice {

    private PrecisionChoice() {}

    /**
     * Whether {@code backend} runs models that take {@code inputs} in {@code precision}.
     *
     * @return null when it does, else the reason why not
     */
    public static @Nullable String refusal(Backend backend, Precision precision, InputKind inputs) {
        boolean language = inputs == InputKind.LANGUAGE;
        Set<Precision> possible = language ? backend.precisions() : backend.classifierPrecisions();
        return possible.contains(precision)
                ? null
                : "the " + backend.name() + " backend runs " + (language ? "language models" : "classifiers") + " in "
                        + listed(possible) + ", not in " + precision;
    }

    /** Names of {@code precisions}, as in float32 or bfloat16. */
    private static String listed(Set<Precision> precisions) {
        return Arrays.stream(Precision.values())
                .filter(precisions::contains)
                .map(Precision::configName)
                .collect(Collectors.joining(" or "));
    }
}
