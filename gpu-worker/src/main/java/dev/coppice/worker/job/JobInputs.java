package dev.coppice.worker.job;

import dev.coppice.results.JobSpec;
import dev.coppice.worker.input.DocumentPair;
import dev.coppice.worker.input.Input;
import dev.coppice.worker.input.Pixels;
import dev.coppice.worker.input.Samples;
import dev.coppice.worker.input.Symbols;
import dev.coppice.worker.input.Text;
import dev.coppice.worker.input.TokenIds;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.prune.Calibration;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.prune.Ranking;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.Tasks;
import dev.coppice.worker.weights.CheckpointException;
import dev.coppice.worker.weights.Fingerprint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What jobs are made of, through the cache that they share: models, scores, examples, documents. */
final class JobInputs {

    private static final long EXAMPLE_OVERHEAD_BYTES = 64;

    private final SharedCache cache;

    private record ModelKey(String fingerprint) {}

    private record RankingKey(
            String fingerprint,
            String method,
            Map<String, String> params,
            Map<String, String> calibration,
            String precision,
            long seed) {}

    private record CalibrationKey(String fingerprint, Map<String, String> calibration) {}

    private record ExamplesKey(String task, Map<String, String> params) {}

    private record Examples(List<LabelledExample> list) {}

    private record DocumentsKey(String fingerprint, String task, Map<String, String> params) {}

    JobInputs(long cacheBytes) {
        cache = new SharedCache(cacheBytes);
    }

    /** Loads so far. */
    long loads() {
        return cache.loads();
    }

    /** The ticket's model, checked to be the one that was planned. */
    Model model(JobTicket ticket, JobProgress progress) {
        String planned = ticket.spec().modelFingerprint();
        Supplier<Model> load = () -> {
            progress.reading();
            return read(ticket, planned);
        };
        return cache.get(new ModelKey(planned), Model.class, load, Model::bytes);
    }

    /** Fingerprints of the models that are cached or being read. */
    Set<String> models() {
        return cache.keys(ModelKey.class).stream().map(ModelKey::fingerprint).collect(Collectors.toSet());
    }

    private static Model read(JobTicket ticket, String planned) {
        Path folder = Path.of(ticket.modelPath());
        if (!Fingerprint.of(folder, ticket.weightsFile()).equals(planned)) {
            throw new CheckpointException(
                    folder + ": the model has changed since the sweep was planned. Run the sweep again to plan anew");
        }
        return ModelFamilies.read(folder, ticket.weightsFile());
    }

    /** The method's scores of the model: one pass for every ratio. */
    Ranking ranking(JobTicket ticket, PruningMethod method, Model model, PruningInputs inputs) {
        JobSpec spec = ticket.spec();
        return cache.get(
                new RankingKey(
                        spec.modelFingerprint(),
                        spec.method(),
                        spec.methodParams(),
                        method.calibrated() ? spec.calibration() : Map.of(),
                        spec.precision(),
                        inputs.seed()),
                Ranking.class,
                () -> method.rank(model, inputs),
                Ranking::bytes);
    }

    /**
     * What a calibrated method watches the model on, encoded by the model; the data is checked to be what was planned.
     *
     * @param rows most steps of a batch of several windows or sequences: the same for all jobs of a process, which run on alike devices
     * @throws dev.coppice.worker.task.DataException when the data is another, or too short
     */
    Calibration calibration(JobTicket ticket, Model model, int rows) {
        JobSpec spec = ticket.spec();
        return cache.get(
                new CalibrationKey(spec.modelFingerprint(), spec.calibration()),
                Calibration.class,
                () -> CalibrationBatches.read(ticket, model, rows),
                Calibration::bytes);
    }

    /** The task's examples, in order; the data is checked to be what was planned. */
    List<LabelledExample> examples(JobTicket ticket) {
        JobSpec spec = ticket.spec();
        return cache.get(
                        new ExamplesKey(spec.task(), spec.taskParams()),
                        Examples.class,
                        () -> {
                            try (Stream<LabelledExample> examples = Tasks.classification(
                                            spec.task(), ticket.dataPath(), spec.taskParams())
                                    .examples()) {
                                return new Examples(examples.toList());
                            }
                        },
                        JobInputs::bytes)
                .list();
    }

    private static long bytes(Examples examples) {
        return examples.list().stream()
                .mapToLong(example -> EXAMPLE_OVERHEAD_BYTES + bytes(example.input()))
                .sum();
    }

    /**
     * The task's documents, encoded by the tokenizer in the model's folder; the data is checked to be what was planned.
     *
     * @param model the ticket's, pruned or not
     * @throws dev.coppice.worker.tokenizer.TokenizerException when the tokenizer is missing or another model's
     */
    LanguageDocuments documents(JobTicket ticket, LanguageModel model) {
        JobSpec spec = ticket.spec();
        return cache.get(
                new DocumentsKey(spec.modelFingerprint(), spec.task(), spec.taskParams()),
                LanguageDocuments.class,
                () -> LanguageDocuments.read(
                        Path.of(ticket.modelPath()), model, spec.task(), ticket.dataPath(), spec.taskParams()),
                JobInputs::bytes);
    }

    private static long bytes(LanguageDocuments documents) {
        return documents.list().stream()
                .flatMap(document -> document.requests().stream())
                .mapToLong(request -> EXAMPLE_OVERHEAD_BYTES
                        + (long) Integer.BYTES * (request.input().length + request.targets().length))
                .sum();
    }

    private static long bytes(Input input) {
        if (input instanceof Pixels pixels) {
            return pixels.values().length;
        }
        if (input instanceof Samples samples) {
            return 2L * samples.values().length;
        }
        if (input instanceof Symbols symbols) {
            return 8L * symbols.symbols().size(); // the words themselves are few and shared
        }
        if (input instanceof TokenIds tokens) {
            return 4L * tokens.ids().length;
        }
        if (input instanceof Text text) {
            return 2L * text.text().length();
        }
        DocumentPair pair = (DocumentPair) input;
        return bytes(pair.first()) + bytes(pair.second());
    }
}
