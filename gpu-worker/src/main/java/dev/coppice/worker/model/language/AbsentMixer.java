package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Compute;
import java.util.List;

/** No mixer: a block that lost it is its MLP alone. */
public record AbsentMixer() implements Mixer, MixerShape {

    @Override
    public String kind() {
        return "absent";
    }

    /** There is nothing to run. */
    @Override
    public Loaded on(Compute compute) {
        throw new IllegalStateException("a block without a mixer runs none");
    }

    @Override
    public long parameters() {
        return 0;
    }

    @Override
    public long stateSize() {
        return 0;
    }

    @Override
    public long cacheSize() {
        return 0;
    }

    @Override
    public List<Projection> projections() {
        return List.of();
    }
}
