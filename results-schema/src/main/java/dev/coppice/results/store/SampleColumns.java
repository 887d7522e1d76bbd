package dev.coppice.results.store;

import com.jerolba.carpet.annotation.NotNull;
import dev.coppice.results.JobId;
import dev.coppice.results.Sample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sample as its Parquet file has it; joins with the rows by job_id and attempt. */
record SampleColumns(
        @NotNull @Meaning("the job, as in the rows") String jobId,
        @Meaning("the attempt, as in the rows") int attempt,

        @Meaning("number of the example in the task's data, from 0")
        int example,

        @Meaning("the right class or choice, from 0") @Nullable
        Integer gold,

        @Meaning("the one that the model prefers") @Nullable Integer predicted,

        @Meaning("whether it was answered correctly") @Nullable
        Boolean correct,

        @Meaning("the same by length-normalised log-likelihood") @Nullable
        Boolean correctNorm,

        @Meaning("of the label, the right continuation or the text, in nats")
        double logLikelihood,

        @Meaning("log-likelihood of each class or choice") @Nullable
        List<Double> choices,

        @Meaning("tokens that log_likelihood is over; 1 for a class")
        int tokens,

        @Meaning("words of the text") @Nullable Integer words,
        @Meaning("UTF-8 bytes of the text") @Nullable Integer bytes) {

    static SampleColumns of(JobId job, int attempt, Sample sample) {
        return new SampleColumns(
                job.hex(),
                attempt,
                sample.example(),
                sample.gold(),
                sample.predicted(),
                sample.correct(),
                sample.correctNorm(),
                sample.logLikelihood(),
                sample.choices(),
                sample.tokens(),
                sample.words(),
                sample.bytes());
    }

    Sample restore() {
        return new Sample(
                example,
                gold,
                predicted,
                correct,
                correctNorm,
                logLikelihood,
                choices == null ? List.of() : choices,
                tokens,
                words,
                bytes);
    }
}
