package dev.coppice.worker.job;

import dev.coppice.results.Failure;
import dev.coppice.results.FailureKind;
import dev.coppice.worker.compute.ComputeMemoryException;
import dev.coppice.worker.model.InputException;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.ParameterException;
import dev.coppice.worker.tokenizer.TokenizerException;
import dev.coppice.worker.weights.CheckpointException;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Turns what a job threw into the failure of its row. */
final class JobFailure {

    private static final int MAX_TRACE_LENGTH = 8000;

    private JobFailure() {}

    static Failure of(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        if (thrown instanceof DataException
                || thrown instanceof CheckpointException
                || thrown instanceof InputException) {
            return new Failure(FailureKind.DATA, message);
        }
        if (thrown instanceof ModelException
                || thrown instanceof TokenizerException
                || thrown instanceof ParameterException
                || thrown instanceof IllegalRequestException) {
            return new Failure(FailureKind.USER, message);
        }
        if (thrown instanceof NumericException) {
            return new Failure(FailureKind.NUMERIC, message);
        }
        if (thrown instanceof Deadline.TimeoutException) {
            return new Failure(FailureKind.TIMEOUT, message);
        }
        if (thrown instanceof ComputeMemoryException) {
            return new Failure(FailureKind.RESOURCE, message);
        }
        if (thrown instanceof OutOfMemoryError) {
            return new Failure(
                    FailureKind.RESOURCE,
                    "out of memory (" + message + "); give the executors more, or run fewer jobs at a time");
        }
        if (thrown instanceof InternalError) { // what Java makes of a mapped page that is no longer there
            return new Failure(
                    FailureKind.DATA, "a file of the model was cut or replaced while it was read (" + message + ")");
        }
        return new Failure(FailureKind.INTERNAL, "a defect of Coppice; please report it: " + trace(thrown));
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        String trace = text.toString();
        return trace.length() <= MAX_TRACE_LENGTH ? trace : trace.substring(0, MAX_TRACE_LENGTH) + " ...";
    }
}
