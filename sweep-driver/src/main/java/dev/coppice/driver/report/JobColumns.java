package dev.coppice.driver.report;

import dev.coppice.results.Achieved;
import dev.coppice.results.Failure;
import dev.coppice.results.Granularity;
import dev.coppice.results.Metrics;
import dev.coppice.results.ResultRow;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A job's row as names and values; columns are called as in the result files. What does not apply is null. */
final class JobColumns {

    static final List<Map.Entry<String, Function<ResultRow, @Nullable Object>>> ALL = List.of(
            column("sweep", ResultRow::sweep),
            column("job_id", ResultRow::jobId),
            column("attempt", ResultRow::attempt),
            column("status", ResultRow::status),
            column("failure_kind", failure(Failure::kind)),
            column("failure_message", failure(Failure::message)),
            column("model", row -> row.coordinates().model()),
            column("architecture", row -> row.coordinates().architecture()),
            column("task", row -> row.coordinates().task()),
            column("task_version", row -> row.coordinates().taskVersion()),
            column("protocol", row -> row.coordinates().protocol()),
            column("split", row -> row.coordinates().split()),
            column("method", row -> row.coordinates().method()),
            column("granularity", JobColumns::granularity),
            column("ratio_requested", row -> row.coordinates().ratioRequested().toPlainString()),
            column("seed", row -> row.coordinates().seed()),
            column("precision", row -> row.coordinates().precision()),
            column("ratio_achieved", achieved(Achieved::ratio)),
            column("mixer_sparsity", achieved(Achieved::mixerSparsity)),
            column("model_sparsity", achieved(Achieved::modelSparsity)),
            column("parameters", achieved(Achieved::parameters)),
            column("state_size", achieved(Achieved::stateSize)),
            column("state_bytes", achieved(Achieved::stateBytes)),
            column("kept_per_layer", achieved(Achieved::keptPerLayer)),
            column("flags", achieved(Achieved::flags)),
            column("accuracy", metrics(Metrics::accuracy)),
            column("accuracy_stderr", metrics(Metrics::accuracyStderr)),
            column("accuracy_norm", metrics(Metrics::accuracyNorm)),
            column("accuracy_norm_stderr", metrics(Metrics::accuracyNormStderr)),
            column("perplexity", metrics(Metrics::perplexity)),
            column("word_perplexity", metrics(Metrics::wordPerplexity)),
            column("byte_perplexity", metrics(Metrics::bytePerplexity)),
            column("bits_per_byte", metrics(Metrics::bitsPerByte)),
            column("loss", metrics(Metrics::loss)),
            column("examples", metrics(Metrics::examples)),
            column("tokens", metrics(Metrics::tokens)),
            column("started", row -> row.cost().started()),
            column("finished", row -> row.cost().finished()),
            column("seconds_load", row -> row.cost().secondsLoad()),
            column("seconds_score", row -> row.cost().secondsScore()),
            column("seconds_prune", row -> row.cost().secondsPrune()),
            column("seconds_evaluate", row -> row.cost().secondsEvaluate()),
            column("tokens_per_second", row -> row.cost().tokensPerSecond()),
            column("peak_host_bytes", row -> row.cost().peakHostBytes()),
            column("peak_device_bytes", row -> row.cost().peakDeviceBytes()),
            column("device", row -> row.cost().placement().device()),
            column("device_memory_bytes", row -> row.cost().placement().deviceMemoryBytes()),
            column("executor", row -> row.cost().placement().executor()),
            column("gpu", row -> row.cost().placement().gpu()),
            column("model_loaded", row -> row.cost().placement().modelLoaded()),
            column("git_commit", row -> row.provenance().gitCommit()),
            column("model_sha256", row -> row.provenance().modelSha256()),
            column("data_sha256", row -> row.provenance().dataSha256()));

    private JobColumns() {}

    private static Map.Entry<String, Function<ResultRow, @Nullable Object>> column(
            String name, Function<ResultRow, @Nullable Object> value) {
        return Map.entry(name, value);
    }

    private static Function<ResultRow, @Nullable Object> failure(Function<Failure, @Nullable Object> value) {
        return row -> row.failure() == null ? null : value.apply(row.failure());
    }

    private static Function<ResultRow, @Nullable Object> achieved(Function<Achieved, @Nullable Object> value) {
        return row -> row.achieved() == null ? null : value.apply(row.achieved());
    }

    private static Function<ResultRow, @Nullable Object> metrics(Function<Metrics, @Nullable Object> value) {
        return row -> row.metrics() == null ? null : value.apply(row.metrics());
    }

    private static @Nullable Object granularity(ResultRow row) {
        Granularity granularity = row.coordinates().granularity();
        return granularity == null ? null : granularity.label();
    }
}
