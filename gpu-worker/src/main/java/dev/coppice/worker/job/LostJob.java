package dev.coppice.worker.job;

import dev.coppice.results.Coordinates;
import dev.coppice.results.Cost;
import dev.coppice.results.Failure;
import dev.coppice.results.FailureKind;
import dev.coppice.results.Placement;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Status;
import dev.coppice.worker.compute.Device;
import java.time.Instant;
import java.util.Map;

/** The row of a job whose executor was lost: all that the driver knows of it. */
public final class LostJob {

    private LostJob() {}

    /** A failed row of kind LOST, so that the job is tried again by the next run. */
    public static ResultRow row(JobTicket ticket, Coordinates coordinates, String message) {
        Instant now = Instant.now();
        Device unknown = new Device("unknown", "unknown", "unknown", null, null);
        return new ResultRow(
                ticket.sweep(),
                ticket.spec().id(),
                ticket.attempt(),
                Status.FAILED,
                new Failure(FailureKind.LOST, message),
                coordinates,
                null,
                null,
                new Cost(now, now, 0, 0, 0, 0, null, null, null, Placement.on("unknown")),
                new ProvenanceCollector(Map.of()).of(ticket.spec(), unknown));
    }
}
