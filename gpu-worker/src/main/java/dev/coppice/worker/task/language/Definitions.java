package dev.coppice.worker.task.language;

import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.data.NamedFiles;
import java.util.List;
import java.util.regex.Pattern;

/** What the definitions of the zero-shot tasks have in common. */
final class Definitions {

    /** The version that lm-evaluation-harness 0.4.13 reports for each of them. */
    private static final String VERSION = "1.0";

    private Definitions() {}

    /** A task without examples in its contexts. */
    static TaskDefinition zeroShot(String name, String split, String layout, NamedFiles files) {
        return new TaskDefinition(name, VERSION, "zero-shot", split, InputSpec.LANGUAGE, layout, files.description());
    }

    /**
     * Tables by their names: one of {@code stems} or the split's name, alone or with more behind a dot, hyphen or underscore.
     *
     * @param split as the hub calls it; its shards are named after it
     * @param folders where the hub has them
     */
    static NamedFiles tables(List<String> stems, String split, List<String> folders) {
        return new NamedFiles(
                Pattern.compile("(" + String.join("|", stems) + "|" + split + ")([._-].*)?\\.(jsonl|parquet)"),
                folders,
                String.join("*, ", stems) + "* or " + split
                        + "*, ending in .jsonl (plain, .gz, .xz or .bz2) or .parquet, there or in "
                        + String.join(", ", folders));
    }
}
