package dev.coppice.results.store;

import com.jerolba.carpet.annotation.NotNull;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row as its Parquet file has it, one component a column, in the file's order: jobId is the column job_id. Columns may be
 * added, nullable and at the end; a golden schema file guards those that are there. Null means "does not apply".
 *
 * <p>The ratio is a double: there is exactly one double for each decimal of at most 15 digits, so {@code ratio_requested =
 * 0.3} holds in Spark SQL, DuckDB and pandas alike, and the decimal comes back exactly. (A decimal column turns into an
 * object column in pandas, where no comparison with 0.3 holds.)
 */
record RowColumns(
        @NotNull @Meaning("name of the sweep") String sweep,

        @NotNull @Meaning("SHA-256 of the job's canonical JSON, 64 hexadecimal digits")
        String jobId,

        @Meaning("number of the attempt at the job, from 1") int attempt,
        @NotNull @Meaning("DONE or FAILED") String status,

        @Meaning("USER, DATA, RESOURCE, NUMERIC, TIMEOUT, INTERNAL or LOST; null when done") @Nullable
        String failureKind,

        @Meaning("what was wrong, where, and what to do; null when done") @Nullable
        String failureMessage,

        @NotNull @Meaning("name of the model in the sweep's config")
        String model,

        @Meaning("model family, such as s5; null when the model could not be read") @Nullable
        String architecture,

        @NotNull @Meaning("name of the task") String task,

        @NotNull @Meaning("version of the task's definition")
        String taskVersion,

        @NotNull @Meaning("how the metric is computed") String protocol,

        @NotNull @Meaning("part of the data that was evaluated")
        String split,

        @NotNull @Meaning("pruning method; dense for the unpruned model")
        String method,

        @Meaning("what the ratio counts: state, weight, N:M, head, channel or block; null for dense") @Nullable
        String granularity,

        @Meaning("fraction to prune, in [0, 1); 0 for dense")
        double ratioRequested,

        @Meaning("seed of the method; null for methods without randomness") @Nullable
        Long seed,

        @NotNull @Meaning("arithmetic: float32, tf32, bfloat16 or float16")
        String precision,

        @Meaning("fraction of the units that were pruned") @Nullable
        Double ratioAchieved,

        @Meaning("fraction of the sequence mixers' parameters that are gone or zero") @Nullable
        Double mixerSparsity,

        @Meaning("fraction of all the model's parameters that are gone or zero") @Nullable
        Double modelSparsity,

        @Meaning("parameters left after compaction") @Nullable
        Long parameters,

        @Meaning("recurrent state of one sequence, in scalars; a complex state counts two") @Nullable
        Long stateSize,

        @Meaning("units kept in each layer, first layer first") @Nullable
        List<Integer> keptPerLayer,

        @Meaning("remarks, such as unstable eigenvalues or batch norms measured again") @Nullable
        String flags,

        @Meaning("fraction of the examples answered correctly") @Nullable
        Double accuracy,

        @Meaning("standard error of accuracy") @Nullable Double accuracyStderr,

        @Meaning("accuracy by length-normalised log-likelihood") @Nullable
        Double accuracyNorm,

        @Meaning("standard error of accuracy_norm") @Nullable
        Double accuracyNormStderr,

        @Meaning("perplexity per token") @Nullable Double perplexity,
        @Meaning("perplexity per word") @Nullable Double wordPerplexity,
        @Meaning("perplexity per byte") @Nullable Double bytePerplexity,
        @Meaning("bits per byte") @Nullable Double bitsPerByte,

        @Meaning("mean negative log-likelihood of the label or token, in nats") @Nullable
        Double loss,

        @Meaning("examples evaluated") @Nullable Long examples,

        @Meaning("time steps or tokens evaluated, without padding") @Nullable
        Long tokens,

        @Meaning("further figures by name") @Nullable Map<String, Double> extra,
        @NotNull @Meaning("when the attempt began, UTC") Instant started,
        @NotNull @Meaning("when it ended, UTC") Instant finished,

        @Meaning("seconds spent loading the model; 0 when it was cached")
        double secondsLoad,

        @Meaning("seconds spent scoring; 0 when the scores were cached")
        double secondsScore,

        @Meaning("seconds spent making and applying the mask")
        double secondsPrune,

        @Meaning("seconds spent evaluating") double secondsEvaluate,

        @Meaning("tokens evaluated in a second of evaluation") @Nullable
        Double tokensPerSecond,

        @Meaning("highest memory of the job's tensors on the host, in bytes") @Nullable
        Long peakHostBytes,

        @Meaning("highest memory of the job's tensors on the device, in bytes; null on the CPU") @Nullable
        Long peakDeviceBytes,

        @NotNull @Meaning("where it ran, such as cpu or cuda:0 NVIDIA A100-SXM4-40GB")
        String device,

        @NotNull @Meaning("what it takes to make the row again")
        ProvenanceColumns provenance,

        @Meaning("memory of the device, in bytes; null on the CPU") @Nullable
        Long deviceMemoryBytes,

        @Meaning("Spark's name of the executor; null outside Spark") @Nullable
        String executor,

        @Meaning("address of the GPU that Spark assigned to the job; null when it assigned none") @Nullable
        String gpu,

        @Meaning("whether the job read the model from its file, rather than finding it in the executor's cache")
        @Nullable
        Boolean modelLoaded,

        @Meaning(
                "memory of the recurrent state of one sequence in the model that was evaluated, in bytes (float32): states"
                        + " left out take none, zeroed ones take theirs; keys and values of attention do not count")
        @Nullable
        Long stateBytes) {}
