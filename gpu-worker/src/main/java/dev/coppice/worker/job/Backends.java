package dev.coppice.worker.job;

import dev.coppice.results.DidYouMean;
import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.cpu.CpuBackend;
import java.util.List;

/** All backends. A new one is a line here. */
public final class Backends {

    private static final List<Backend> BACKENDS = List.of(new CpuBackend());

    private Backends() {}

    /** Names of all backends. */
    public static List<String> names() {
        return BACKENDS.stream().map(Backend::name).toList();
    }

    /**
     * The backend of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Backend of(String name) {
        return BACKENDS.stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no backend \"" + name + "\"; " + DidYouMean.hint(name, names())));
    }
}
