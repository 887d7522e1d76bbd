package dev.coppice.worker.prune.structure;

import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.LanguageConfig;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.mamba1.Mamba1Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The layers of a model whose mixers a method can prune. */
final class ScoredLayers {

    /** Why classifiers are not pruned so. */
    static final String NO_MIXERS = ": it prunes the mixers of language models";

    private ScoredLayers() {}

    /**
     * Why a method cannot prune a model; null when it can prune some of its layers.
     *
     * @param method its name
     * @param refusal why a mixer cannot be pruned
     */
    static @Nullable String refusal(String method, ModelConfig model, Function<MixerShape, @Nullable String> refusal) {
        String begin = method + " does not prune " + model.architecture() + " models";
        if (!(model instanceof LanguageConfig language)) {
            return begin + NO_MIXERS;
        }
        String last = null;
        for (MixerShape shape : language.mixers()) {
            String reason = refusal.apply(shape);
            if (reason == null) {
                return null;
            }
            last = last == null || !shape.kind().equals("attention") ? shape.kind() + " mixer: " + reason : last;
        }
        return last == null ? begin : begin + "; " + last;
    }

    /** The layers of a model whose mixers can be pruned. */
    static List<ScoredLayer> of(AssembledModel model, Predicate<MixerShape> fits) {
        List<ScoredLayer> layers = new ArrayList<>();
        List<MixerShape> shapes = model.config().mixers();
        for (int i = 0; i < shapes.size(); i++) {
            if (fits.test(shapes.get(i))) {
                Mixer mixer = model.parts().blocks().get(i).mixer();
                String prefix = mixer instanceof Mamba1Mixer mamba1 ? mamba1.prefix() : ((Mamba2Mixer) mixer).prefix();
                layers.add(new ScoredLayer(i, prefix, mixer));
            }
        }
        return layers;
    }

    /** Where the layer of this number is among them; -1 where it is not. */
    static int index(List<ScoredLayer> layers, int number) {
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i).number() == number) {
                return i;
            }
        }
        return -1;
    }

    /** A choice among NaN would be none. */
    static double[][] requireFinite(String method, ScoredLayer layer, double[][] scores) {
        for (int g = 0; g < scores.length; g++) {
            for (int n = 0; n < scores[g].length; n++) {
                if (!Double.isFinite(scores[g][n])) {
                    throw new ModelException(
                            "layer " + layer.number() + " group " + g + " unit " + n + ": the score of "
                                    + method + " is " + scores[g][n]
                                    + "; weights or activations are NaN or infinite: check the checkpoint");
                }
            }
        }
        return scores;
    }

    /** A choice that keeps the best unit at least. */
    static boolean[] withBest(boolean[] kept, double[] scores) {
        int best = 0;
        for (int i = 0; i < kept.length; i++) {
            if (kept[i]) {
                return kept;
            }
            best = scores[i] > scores[best] ? i : best;
        }
        boolean[] one = new boolean[kept.length];
        one[best] = true;
        return one;
    }

    /** All groups' scores, one after the other. */
    static double[] flat(double[][] groups) {
        return Arrays.stream(groups).flatMapToDouble(Arrays::stream).toArray();
    }

    /** The groups of a flat choice. */
    static boolean[][] split(boolean[] flat, int groups) {
        int units = flat.length / groups;
        boolean[][] split = new boolean[groups][];
        Arrays.setAll(split, g -> Arrays.copyOfRange(flat, g * units, (g + 1) * units));
        return split;
    }
}
