package dev.coppice.driver.launch;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.util.ShutdownHookManager;
import scala.runtime.AbstractFunction0;
import scala.runtime.BoxedUnit;

/**
 * Ends a sweep in order when the virtual machine is told to go down (Ctrl-C, SIGTERM): before Spark's own hooks pull its
 * context away, and not before the sweep has ended.
 */
final class InterruptHook implements AutoCloseable {

    private static final int BEFORE_SPARKS_OWN = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Object handle;

    /** From now on an interrupt runs {@code stop}, waits for {@link #close}, and runs {@code afterwards}. */
    InterruptHook(Runnable stop, Runnable afterwards) {
        handle = ShutdownHookManager.addShutdownHook(BEFORE_SPARKS_OWN, new AbstractFunction0<>() {
            @Override
            public BoxedUnit apply() {
                stop.run();
                awaitEnd();
                afterwards.run();
                return BoxedUnit.UNIT;
            }
        });
    }

    private void awaitEnd() {
        try {
            // Jobs that outlast it are left behind; they have no rows.
            ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The sweep has ended. */
    @Override
    public void close() {
        ended.countDown();
        ShutdownHookManager.removeShutdownHook(handle);
    }
}
