package dev.coppice.worker.task.calibration;

import java.util.Arrays;
import java.util.List;

/** What windows are drawn from. */
public enum Joining {
    /** All rows as one text, joined by a space, as the papers' scripts join WikiText. */
    SPACES("spaces"),
    /** All rows as one text, joined by a blank line. */
    BLANK_LINES("blank-lines"),
    /** Each row by itself, as WANDA's script draws from C4: a row by chance until one is long enough, then a window of it. */
    DOCUMENTS("documents");

    private final String label;

    Joining(String label) {
        this.label = label;
    }

    /** Name in configs. */
    public String label() {
        return label;
    }

    /** All names. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Joining::label).toList();
    }

    /**
     * The one of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Joining of(String label) {
        return Arrays.stream(values())
                .filter(joining -> joining.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no way to join rows is called \"" + label + "\""));
    }
}
