package dev.coppice.worker.job;

import dev.coppice.worker.model.ModelBatch;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.prune.Calibration;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.calibration.CalibrationData;
import dev.coppice.worker.task.calibration.CalibrationSettings;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Calibration windows, packed into batches. */
final class CalibrationBatches {

    private CalibrationBatches() {}

    /**
     * The windows that the ticket's calibration asks for.
     *
     * @param rows most tokens of a batch of several windows
     * @throws IllegalRequestException when it asks for none, and the method needs some
     * @throws DataException when the data has changed since it was planned, or is too short
     */
    static Calibration read(JobTicket ticket, LanguageModel model, int rows) {
        CalibrationSettings settings = CalibrationSettings.of(ticket.spec().calibration());
        String path = ticket.calibrationPath();
        if (settings == null || path == null) {
            throw new IllegalRequestException(
                    ticket.spec().method() + " watches the model on calibration data, and the job names none");
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
