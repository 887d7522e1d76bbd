package dev.coppice.worker.job;

import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelBatch;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.prune.Calibration;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.TaskParameters;
import dev.coppice.worker.task.Tasks;
import dev.coppice.worker.task.calibration.CalibrationData;
import dev.coppice.worker.task.calibration.CalibrationInputs;
import dev.coppice.worker.task.calibration.CalibrationSettings;
import dev.coppice.worker.task.calibration.InputSettings;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a job's calibration asks for, packed into batches: windows of text for a language model, inputs of the task for a classifier. */
final class CalibrationBatches {

    private CalibrationBatches() {}

    /**
     * What the ticket's calibration asks for.
     *
     * @param rows most steps of a batch of several windows or sequences
     * @throws IllegalRequestException when it asks for nothing that such a model can be watched on
     * @throws DataException when the data has changed since it was planned, or is too short
     */
    static Calibration read(JobTicket ticket, Model model, int rows) {
        return model instanceof SequenceClassifier classifier
                ? inputs(ticket, classifier, rows)
                : texts(ticket, (LanguageModel) model, rows);
    }

    private static IllegalRequestException nothingFor(JobTicket ticket, String needed) {
        return new IllegalRequestException(
                ticket.spec().method() + " watches the model on " + needed + ", and the job names none");
    }

    private static Calibration inputs(JobTicket ticket, SequenceClassifier model, int rows) {
        SortedMap<String, String> identity = ticket.spec().calibration();
        InputSettings settings = InputSettings.of(identity);
        String task = InputSettings.task(identity);
        String path = ticket.calibrationPath();
        if (settings == null || task == null || path == null) {
            throw nothingFor(ticket, "inputs of a task");
        }
        SortedMap<String, String> params = new TreeMap<>();
        params.put(TaskParameters.DATA_SHA256, CalibrationSettings.dataSha256(identity));
        List<LabelledExample> drawn =
                new CalibrationInputs(Tasks.classification(task, path, params), path).draw(settings);
        ExampleEncoder encoder = new ExampleEncoder(model);
        return new Calibration(encoder.batches(drawn, rows / model.sequenceLength()).stream()
                .<ModelBatch>map(encoder::encode)
                .toList());
    }

    private static Calibration texts(JobTicket ticket, LanguageModel model, int rows) {
        CalibrationSettings settings = CalibrationSettings.of(ticket.spec().calibration());
        String path = ticket.calibrationPath();
        if (settings == null || path == null) {
            throw nothingFor(ticket, "calibration text");
        }
        CalibrationData data = CalibrationData.at(path);
        if (!data.sha256().equals(CalibrationSettings.dataSha256(ticket.spec().calibration()))) {
            throw new DataException(
                    path + ": the data has changed since the sweep was planned. Run the sweep again to plan anew");
        }
        Tokenizer tokenizer = Tokenizer.read(Path.of(ticket.modelPath()));
        tokenizer.requireWithin(model.vocabulary());
        Integer limit = model.contextLimit();
        if (limit != null && settings.length() > limit) {
            throw new IllegalRequestException("calibration windows of " + settings.length()
                    + " tokens are longer than the model's " + limit + " positions; lower length");
        }
        return of(data.windows(settings, tokenizer), rows);
    }

    /** Windows in batches of at most {@code most} rows, or of one window. */
    static Calibration of(List<int[]> windows, int most) {
        List<ModelBatch> batches = new ArrayList<>();
        List<int[]> batch = new ArrayList<>();
        int rows = 0;
        for (int[] window : windows) {
            if (!batch.isEmpty() && rows + window.length > most) {
                batches.add(TokenBatch.of(batch.toArray(int[][]::new)));
                batch.clear();
                rows = 0;
            }
            batch.add(window);
            rows += window.length;
        }
        batches.add(TokenBatch.of(batch.toArray(int[][]::new)));
        return new Calibration(batches);
    }
}
