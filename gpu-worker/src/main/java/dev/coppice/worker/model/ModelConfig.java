package dev.coppice.worker.model;

import dev.coppice.worker.input.InputSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model's hyper-parameters, read and checked without its weights. */
public interface ModelConfig {

    /** The family, such as s5 or s4d. */
    String architecture();

    /** The matrices whose weights can be pruned one by one, as {@link LayeredModel#matrices} lists them; empty where there are none. */
    List<WeightMatrix> matrices();

    /** Whether the model has batch norms, whose statistics can be measured again ({@link BatchNormalised}). */
    boolean hasBatchNorm();

    /**
     * Whether the model can be evaluated on inputs like these.
     *
     * @return null when it can, else the reason why not
     */
    @Nullable
    String refusal(InputSpec inputs);
}
