package dev.coppice.worker.prune;

import dev.coppice.results.Granularity;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A way to choose what to prune. Pure: the same model, inputs and ratio give the same mask. */
public interface PruningMethod {

    /** Name in configs and tables, such as last or uniform-hinf. */
    String name();

    /** What a ratio of this method counts. */
    Granularity granularity();

    /** Whether it draws random numbers, so that a job of it has a seed. */
    default boolean random() {
        return false;
    }

    /** Whether it watches the model run on calibration data. */
    default boolean calibrated() {
        return false;
    }

    /**
     * Whether the method can prune a model of this architecture and these sizes.
     *
     * @return null when it can, else the reason why not
     */
    @Nullable
    String refusal(ModelConfig model);

    /**
     * Whether the method can prune this fraction.
     *
     * @param ratio in (0, 1]
     * @return null when it can, else the reason why not
     */
    default @Nullable String refusal(BigDecimal ratio) {
        return null;
    }

    /**
     * Does once what serves every ratio: scores every unit of the model, where the scores do not depend on what else is pruned.
     *
     * @param model one that is not refused
     */
    Ranking rank(Model model, PruningInputs inputs);
}
