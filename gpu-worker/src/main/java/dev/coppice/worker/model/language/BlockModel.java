package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.WeightMatrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a language model: blocks on a residual stream. All families, whatever their blocks are made of.
 *
 * @param architecture name of the family
 * @param embedding (V, D)
 * @param head (V, D); the embedding itself where they are tied
 * @param headBias (V) or null
 * @param contextLimit longest sequence; null where no positions limit it
 */
public record BlockModel(
        String architecture,
        HostArray embedding,
        List<Block> blocks,
        Norm finalNorm,
        HostArray head,
        float @Nullable [] headBias,
        @Nullable Integer contextLimit) {

    public BlockModel {
        blocks = List.copyOf(blocks);
    }

    long parameters() {
        long shared = embedding.elements() + finalNorm.parameters() + (headBias == null ? 0 : headBias.length);
        return shared
                + (head == embedding ? 0 : head.elements())
                + blocks.stream().mapToLong(Block::parameters).sum();
    }

    /** Of the state-space mixers: those with a state of a fixed size. Attention is not counted. */
    long mixerParameters() {
        return blocks.stream()
                .map(Block::mixer)
                .filter(mixer -> mixer.stateSize() > 0)
                .mapToLong(Mixer::parameters)
                .sum();
    }

    /** The matrices of all layers, in the order of use. */
    List<WeightMatrix> matrices() {
        List<WeightMatrix> matrices = new ArrayList<>();
        for (int layer = 0; layer < blocks.size(); layer++) {
            for (Projection projection : blocks.get(layer).projections()) {
                matrices.add(projection.in(layer));
            }
        }
        return matrices;
    }

    long stateSize() {
        return blocks.stream().mapToLong(block -> block.mixer().stateSize()).sum();
    }

    long cacheSize() {
        return blocks.stream().mapToLong(block -> block.mixer().cacheSize()).sum();
    }

    /** The matrices lie in mapped files, which cost no memory of their own; the rest is small. */
    long bytes() {
        long scales =
                blocks.stream().mapToLong(block -> block.norm().parameters()).sum();
        return Float.BYTES * (scales + finalNorm.parameters());
    }
}
