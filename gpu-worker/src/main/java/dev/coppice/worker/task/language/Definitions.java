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
     * Tables whose name begins in one of the ways that {@code beginnings} (a regular expression) matches, and the shards of
     * a split as the Hugging Face hub names them.
     *
     * @param split as the hub calls it
     * @param folders where the hub has them
     */
    static NamedFiles tables(String beginnings, String split, List<String> folders) {
        return new NamedFiles(
                Pattern.compile("(" + beginnings + ").*\\.(jsonl|parquet)|" + split + "-[0-9]+-of-[0-9]+\\.parquet"),
                folders,
                beginnings.replaceAll("[()?\\\\]", "").replace("|", "*, ")
                        + "*.jsonl (plain, .gz, .xz or .bz2) or .parquet, or " + String.join(", ", folders) + "/"
                        + split + "-*.parquet");
    }
}
