package dev.coppice.worker.task.language;

import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.task.LanguageTask;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.TaskEntry;
import dev.coppice.worker.task.TaskParameters;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.task.data.NamedFiles;
import java.util.List;
import java.util.regex.Pattern;

/** WikiText-2 (Merity et al. 2016), or any other text of its layout, under a {@link Protocol}. */
public final class WikiText implements TaskEntry {

    private static final NamedFiles FILES = new NamedFiles(
            Pattern.compile("wiki\\.test\\.raw|test-[0-9]+-of-[0-9]+\\.parquet"),
            List.of("wikitext-2-raw-v1", "wikitext-2-raw"),
            "wiki.test.raw (plain, .gz, .xz or .bz2), or wikitext-2-raw-v1/test-*.parquet");

    /** The task. */
    public static final TaskEntry ENTRY = new WikiText();

    private static final TaskDefinition DEFINITION = new TaskDefinition(
            "wikitext2",
            "2.0", // lm-evaluation-harness's for its task wikitext
            Protocol.LM_EVAL.name(),
            "test",
            InputSpec.LANGUAGE,
            "a text with titles such as \" = Title = \", or a table with the column text, a line a row",
            FILES.description());

    private WikiText() {}

    @Override
    public TaskDefinition definition() {
        return DEFINITION;
    }

    @Override
    public List<String> parameters() {
        return List.of(TaskParameters.LENGTH, TaskParameters.LIMIT, TaskParameters.PROTOCOL);
    }

    @Override
    public String protocol(TaskParameters parameters) {
        return parsed(parameters).name();
    }

    private static Protocol parsed(TaskParameters parameters) {
        Protocol protocol = parameters.protocol() == null ? Protocol.LM_EVAL : Protocol.of(parameters.protocol());
        if (parameters.length() != null && protocol.kind() != Protocol.Kind.LM_EVAL) {
            throw new IllegalArgumentException(
                    "length goes with the protocol lm-eval alone; " + protocol.name() + " has its window in its name");
        }
        return protocol;
    }

    @Override
    public List<DataFile> files(DataPath path) {
        return FILES.in(path);
    }

    @Override
    public LanguageTask open(DataPath path, TaskParameters parameters) {
        List<DataFile> files = files(path);
        Protocol protocol = parsed(parameters);
        return new MeasuredTask(
                DEFINITION,
                protocol.name(),
                protocol.measure(),
                new PerplexityDocuments(DEFINITION.name(), protocol, parameters, () -> WikiCorpus.read(files)));
    }
}
