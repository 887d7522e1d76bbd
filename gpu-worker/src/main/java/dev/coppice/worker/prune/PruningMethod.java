package dev.coppice.worker.prune;

import dev.coppice.results.Granularity;
import dev.coppice.worker.model.Model;
import org.jspecify.annotations.Nullable;

/** A way to choose what to prune. Pure: the same model, seed and ratio give the same mask. */
public interface PruningMethod {

    /** Name in configs and tables, such as last or uniform-hinf. */
    String name();

    /** What a ratio of this method counts. */
    Granularity granularity();

    /** Whether it draws random numbers, so that a job of it has a seed. */
    boolean random();

    /**
     * Whether the method can prune {@code architecture}.
     *
     * @return null when it can, else the reason why not
     */
    @Nullable
    String refusal(String architecture);

    /**
     * Scores every unit of the model once; the result gives the mask of any ratio.
     *
     * @param seed seed of a random method; ignored by others
     */
    Ranking rank(Model model, long seed);
}
