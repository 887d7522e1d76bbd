package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.job.bench.Conditions;
import dev.coppice.worker.job.bench.LanguagePreset;
import dev.coppice.worker.job.bench.PruningBenchmark;
import dev.coppice.worker.job.bench.RandomLanguageModel;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningMethod;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The part of {@code coppice bench} that measures pruning, with its options. */
final class PruneBench {

    @Option(
            names = "--prune",
            paramLabel = "METHOD",
            required = true,
            description = "Measure pruning by this method, once and without warming up.")
    private String method = "";

    @Option(
            names = "--param",
            paramLabel = "KEY=VALUE",
            description = "A parameter of the method; may be given several times.")
    private TreeMap<String, String> params = new TreeMap<>();

    @Option(
            names = "--ratios",
            paramLabel = "R",
            split = ",",
            description = "Fractions to prune, one after the other. Default: 0.5.")
    private List<BigDecimal> ratios = List.of(new BigDecimal("0.5"));

    @Option(names = "--samples", paramLabel = "N", description = "Calibration sequences of random tokens. Default: 32.")
    private int samples = 32;

    @Option(names = "--window", paramLabel = "L", description = "Tokens of each. Default: 512.")
    private int window = 512;

    /**
     * Measures on a model, or on random weights of a preset's shape.
     *
     * @param preset null for the former
     * @param folder null for the latter
     */
    ObjectNode measure(@Nullable LanguagePreset preset, @Nullable Path folder, Compute compute, Conditions conditions) {
        if (samples < 1 || window < 1) {
            throw new UsageException("--samples and --window are at least 1, not " + samples + " and " + window);
        }
        ObjectNode line = BenchLine.of("coppice_prune", conditions);
        if (folder != null) {
            if (!(ModelFamilies.read(folder, null) instanceof AssembledModel model)) {
                throw new UsageException("--model " + folder + ": is no language model");
            }
            return measure(line.put("model", folder.toString()), model, compute, conditions);
        }
        if (preset == null) {
            throw new UsageException("--prune needs --model, or --preset with the shape of a language model");
        }
        try (RandomLanguageModel random = RandomLanguageModel.of(preset, DType.FLOAT32, conditions.seed())) {
            return measure(line.put("preset", preset.label()), random.model(), compute, conditions);
        }
    }

    private ObjectNode measure(ObjectNode line, AssembledModel model, Compute compute, Conditions conditions) {
        PruningBenchmark.Result result =
                PruningBenchmark.measure(model, method(model), ratios, samples, window, compute, conditions.seed());
        params.forEach(line.put("method", method).putObject("params")::put);
        line.put("calibration_tokens", (long) samples * window)
                .put("seconds", BenchLine.rounded(result.seconds()))
                .put("cpu_s", BenchLine.rounded(result.processorSeconds()))
                .put("score_s", BenchLine.rounded(result.scoreSeconds()));
        ArrayNode each = line.putArray("ratios");
        for (int i = 0; i < ratios.size(); i++) {
            each.addObject()
                    .put("ratio", ratios.get(i))
                    .put("achieved", result.achieved()[i])
                    .put("seconds", BenchLine.rounded(result.maskSeconds()[i]));
        }
        line.put("replaced_mib", result.replacedBytes() / BenchLine.MIB);
        BenchLine.addSurroundings(line, compute, conditions, result.peakTensorBytes());
        return line;
    }

    private PruningMethod method(AssembledModel model) {
        PruningMethod found;
        try {
            found = Methods.of(method, params);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        String refusal = found.refusal(model.config());
        for (BigDecimal ratio : ratios) {
            if (ratio.signum() <= 0 || ratio.compareTo(BigDecimal.ONE) >= 0) {
                throw new UsageException("--ratios lie above 0 and below 1, not at " + ratio.toPlainString());
            }
            refusal = refusal == null ? found.refusal(ratio) : refusal;
        }
        if (refusal != null) {
            throw new UsageException(refusal);
        }
        return found;
    }
}
