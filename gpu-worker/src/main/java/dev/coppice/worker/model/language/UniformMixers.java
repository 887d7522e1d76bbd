package dev.coppice.worker.model.language;

import dev.coppice.worker.model.ModelException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The mixers of a model whose published layout has one set of sizes for all layers.
 *
 * @param file the config, for messages
 * @param mixers of each layer
 */
public record UniformMixers(Path file, List<MixerShape> mixers) {

    /**
     * The shape that all layers have.
     *
     * @param type kind of all mixers
     * @param sayable the published shape with what the layout can say of another one
     * @throws ModelException when they differ in something else, or from each other; the message says what to do
     */
    public <S extends MixerShape> S of(Class<S> type, UnaryOperator<S> sayable) {
        MixerShape first = mixers.get(0);
        for (int i = 0; i < mixers.size(); i++) {
            if (!type.isInstance(mixers.get(i))) {
                throw withoutMixer(file);
            }
            if (!mixers.get(i).equals(first)) {
                throw refused(file, "one set of sizes for all layers, and those of layers 0 and " + i + " differ");
            }
        }
        S shape = type.cast(first);
        if (!shape.equals(sayable.apply(shape))) {
            throw refused(file, "no way to say these sizes of mixers");
        }
        return shape;
    }

    /** What is to be said of a config whose layout has no way to leave a mixer out. */
    public static ModelException withoutMixer(Path file) {
        return refused(file, "no way to say that a block has no mixer");
    }

    private static ModelException refused(Path file, String why) {
        return new ModelException(file + ": the model's published layout has " + why
                + ". Write the pruned model with zeros in place of what is pruned: leave --compact out");
    }
}
