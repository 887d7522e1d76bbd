package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.HostThreads;
import dev.coppice.worker.compute.LaneTask;
import dev.coppice.worker.compute.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Lanes that share the pieces of a piece of work, each on a thread. They come with the first use and are kept. */
final class LaneTeam implements AutoCloseable {

    private final HostThreads threads;
    private final Supplier<CpuCompute> newLane;
    private final List<CpuCompute> lanes = new ArrayList<>();

    LaneTeam(int threads, Supplier<CpuCompute> newLane) {
        this.threads = new HostThreads(threads);
        this.newLane = newLane;
    }

    void run(int pieces, LaneTask task) {
        while (lanes.size() < threads.of(pieces)) {
            lanes.add(newLane.get());
        }
        threads.run(pieces, (thread, piece) -> {
            CpuCompute lane = lanes.get(thread);
            try (Scope scope = lane.scope()) {
                task.run(piece, lane);
            }
        });
    }

    @Override
    public void close() {
        threads.close();
        lanes.forEach(CpuCompute::close);
        lanes.clear();
    }
}
