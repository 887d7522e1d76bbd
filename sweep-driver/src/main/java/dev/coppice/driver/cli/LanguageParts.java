package dev.coppice.driver.cli;

import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.model.language.AssembledModel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know of a language model alone.
 *
 * @param vocabulary rows of the embedding, padding included
 * @param width of the residual stream
 * @param layers on the residual stream
 * @param tied whether the head is the embedding
 * @param contextLimit longest sequence that its positions allow; null for any
 * @param matrices whose weights can be pruned, by what they do
 */
record LanguageParts(
        int vocabulary,
        int width,
        int layers,
        boolean tied,
        @Nullable Integer contextLimit,
        List<Matrices> matrices) {

    /**
     * The matrices of one role in all layers.
     *
     * @param weights of them all
     */
    record Matrices(MatrixRole role, int count, long weights) {}

    static LanguageParts of(AssembledModel model) {
        Map<MatrixRole, List<WeightMatrix>> byRole = model.matrices().stream()
                .collect(Collectors.groupingBy(WeightMatrix::role, TreeMap::new, Collectors.toList()));
        int[] embedding = model.parts().embedding().shape();
        return new LanguageParts(
                embedding[0],
                embedding[1],
                model.layers(),
                model.parts().head() == model.parts().embedding(),
                model.contextLimit(),
                byRole.entrySet().stream()
                        .map(entry -> new Matrices(
                                entry.getKey(),
                                entry.getValue().size(),
                                entry.getValue().stream()
                                        .mapToLong(WeightMatrix::weights)
                                        .sum()))
                        .toList());
    }

    /** Weights of all matrices that can be pruned. */
    long prunableWeights() {
        return matrices.stream().mapToLong(Matrices::weights).sum();
    }
}
