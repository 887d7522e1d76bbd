package dev.coppice.results;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt cost. Phases that did not happen or were shared through a cache take no time.
 *
 * @param started when the attempt began, to the microsecond
 * @param finished when it ended, to the microsecond
 * @param tokensPerSecond time steps or tokens evaluated in a second of evaluation; null when nothing was evaluated
 * @param peakHostBytes highest memory of the job's tensors on the host
 * @param peakDeviceBytes highest memory of the job's tensors on the device; null on the CPU
 * @param placement where it ran
 */
public record Cost(
        Instant started,
        Instant finished,
        double secondsLoad,
        double secondsScore,
        double secondsPrune,
        double secondsEvaluate,
        @Nullable Double tokensPerSecond,
        @Nullable Long peakHostBytes,
        @Nullable Long peakDeviceBytes,
        Placement placement)
        implements Serializable {

    public Cost {
        // Tables hold microseconds: a row is the same before and after it is stored.
        started = started.truncatedTo(ChronoUnit.MICROS);
        finished = finished.truncatedTo(ChronoUnit.MICROS);
    }
}
