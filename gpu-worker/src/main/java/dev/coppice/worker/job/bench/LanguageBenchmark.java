package dev.coppice.worker.job.bench;

import dev.coppice.results.Metrics;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.job.Deadline;
import dev.coppice.worker.job.LanguageDocuments;
import dev.coppice.worker.job.LanguageEvaluation;
import dev.coppice.worker.job.LanguageScorer;
import dev.coppice.worker.job.StateBytes;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.LoadedLanguageModel;
import dev.coppice.worker.task.language.Judgement;
import dev.coppice.worker.task.language.ScoringRequest;
import dev.coppice.worker.task.language.TokenDocument;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;

/** How fast jobs evaluate a language model. */
public final class LanguageBenchmark {

    private LanguageBenchmark() {}

    /**
     * Random sequences.
     *
     * @param batch number of sequences of one repeat, at least 1
     * @param length tokens of each, at least 1
     */
    public record Shape(int batch, int length) {

        public Shape {
            if (batch < 1 || length < 1) {
                throw new IllegalArgumentException("batch and length are at least 1, not " + batch + " and " + length);
            }
        }

        /** Tokens of one repeat. */
        public long tokens() {
            return (long) batch * length;
        }

        @Override
        public String toString() {
            return batch + "x" + length;
        }
    }

    /**
     * A task's figures.
     *
     * @param metrics of a repeat; all have the same
     * @param scoreSeconds of them without reading and encoding, and without bringing the model onto the device: the median
     * @param requests of all documents
     * @param peakBytes most memory of the device that tensors took
     */
    public record TaskMeasurement(Repeats times, double scoreSeconds, Metrics metrics, long requests, long peakBytes) {}

    /**
     * Measures prefill: a repeat scores every token of the sequences, as a perplexity task does. The weights are on the device
     * before.
     */
    public static Measurement prefill(AssembledModel model, Shape shape, Compute compute, Conditions conditions) {
        List<TokenDocument> documents = documents(model.vocabulary(), shape, conditions.seed() + 1);
        try (Scope scope = compute.scope()) {
            LanguageScorer scorer =
                    new LanguageScorer(model.on(compute), compute, Deadline.in(null), StateBytes.of(model));
            Repeats times = conditions.measure(() -> scorer.score(documents));
            long bytes = compute.peakBytes();
            double peak = MatrixPeak.gigaflops(compute, conditions.threads());
            return new Measurement(times, shape.tokens() * flops(model), peak, bytes);
        }
    }

    /**
     * Measures a task: a repeat reads and encodes the documents and evaluates them as a job does.
     *
     * @param folder of {@code model}, with its tokenizer
     * @param dataPath file or folder of the task's data
     * @param parameters of the task
     */
    public static TaskMeasurement task(
            Path folder,
            AssembledModel model,
            String task,
            String dataPath,
            SortedMap<String, String> parameters,
            Compute compute,
            Conditions conditions) {
        List<Metrics> metrics = new ArrayList<>();
        List<Double> scoring = new ArrayList<>();
        AtomicLong requests = new AtomicLong();
        LanguageEvaluation evaluation = new LanguageEvaluation(model, compute, Deadline.in(null));
        Repeats times = conditions.measure(() -> {
            LanguageDocuments documents = LanguageDocuments.read(folder, model, task, dataPath, parameters);
            requests.set(documents.list().stream()
                    .mapToLong(document -> document.requests().size())
                    .sum());
            try (Scope scope = compute.scope()) {
                LoadedLanguageModel loaded = model.on(compute);
                long start = System.nanoTime();
                metrics.add(evaluation
                        .run(documents.task(), documents.list(), loaded)
                        .metrics());
                scoring.add(1e-9 * (System.nanoTime() - start));
            }
        });
        double median = Repeats.median(scoring.stream()
                .skip(scoring.size() - conditions.repeats())
                .mapToDouble(Double::doubleValue)
                .toArray());
        return new TaskMeasurement(times, median, metrics.get(0), requests.get(), compute.peakBytes());
    }

    /**
     * Operations of a token: a product and a sum for each weight that it meets, of an untied embedding none; and for each real
     * number of its recurrent state the same to renew it and again to read it.
     */
    static double flops(AssembledModel model) {
        long looked = model.parts().head() == model.parts().embedding()
                ? 0
                : model.parts().embedding().elements();
        return 2.0 * (model.parameters() - looked) + 4.0 * model.stateSize();
    }

    private static List<TokenDocument> documents(int vocabulary, Shape shape, long seed) {
        Random random = new Random(seed);
        List<TokenDocument> documents = new ArrayList<>(shape.batch());
        for (int i = 0; i < shape.batch(); i++) {
            int[] ids = random.ints(shape.length() + 1L, 0, vocabulary).toArray();
            ScoringRequest request =
                    new ScoringRequest(Arrays.copyOf(ids, shape.length()), Arrays.copyOfRange(ids, 1, ids.length), 0);
            documents.add(new TokenDocument(i, List.of(request), new Judgement.Prose(0, 0)));
        }
        return documents;
    }
}
