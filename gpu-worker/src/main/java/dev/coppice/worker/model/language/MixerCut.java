package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.HostArray;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A mixer without some of its states, channels or heads: in its old size with zeros, and in smaller tensors. Both compute the same. */
public interface MixerCut {

    /** The shape of the form with zeros. */
    MixerShape zeroedShape();

    /** The shape of the smaller form. */
    MixerShape compactShape();

    /**
     * The tensors of the form with zeros that differ from the old ones, by name.
     *
     * @param prefix what their names begin with
     * @param stored the old tensors by name; null where there is none
     */
    Map<String, HostArray> zeroed(String prefix, Function<String, @Nullable HostArray> stored);

    /** As {@link #zeroed}, of the smaller form. */
    Map<String, HostArray> compact(String prefix, Function<String, @Nullable HostArray> stored);

    /** Weights that the smaller form still holds, as zeros: where groups that share a size keep different numbers. */
    long zeros();
}
