package dev.coppice.worker.model.language;

import dev.coppice.worker.model.ModelException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/**
 * The mixers of a model whose published layout has one set of sizes for all layers.
 *
 * @param file the config, for messages
 * @param mixers of each layer
 */
public record UniformMixers(Path file, List<MixerShape> mixers) {

    /**
     * The shape that all layers have, which may differ from the published one in its number of states alone.
     *
     * @param type kind of all mixers
     * @param published the published shape with another number of states
     * @throws ModelException when they differ in something else, or from each other; the message says what to do
     */
    public <S extends MixerShape> S of(Class<S> type, ToIntFunction<S> states, IntFunction<S> published) {
        MixerShape first = mixers.get(0);
        for (int i = 0; i < mixers.size(); i++) {
            if (!mixers.get(i).equals(first)) {
                throw refused("one set of sizes for all layers, and those of layers 0 and " + i + " differ");
            }
        }
        if (!type.isInstance(first)) {
            throw refused("no way to say that a block has no mixer");
        }
        S shape = type.cast(first);
        if (!shape.equals(published.apply(states.applyAsInt(shape)))) {
            throw refused("no way to say other mixer sizes than the number of states");
        }
        return shape;
    }

    private ModelException refused(String why) {
        return new ModelException(file + ": the model's published layout has " + why
                + ". Write the pruned model with zeros in place of what is pruned instead");
    }
}
