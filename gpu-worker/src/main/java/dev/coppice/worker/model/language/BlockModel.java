package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A language model of blocks on a residual stream: all families, whatever their blocks are made of.
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
        @Nullable Integer contextLimit)
        implements LanguageModel {

    public BlockModel {
        blocks = List.copyOf(blocks);
    }

    @Override
    public int vocabulary() {
        return embedding.shape()[0];
    }

    @Override
    public LoadedLanguageModel on(Compute compute) {
        return new LoadedBlockModel(this, compute);
    }

    @Override
    public long parameters() {
        long shared = embedding.elements() + finalNorm.parameters() + (headBias == null ? 0 : headBias.length);
        return shared
                + (head == embedding ? 0 : head.elements())
                + blocks.stream().mapToLong(Block::parameters).sum();
    }

    @Override
    public long mixerParameters() {
        return blocks.stream().mapToLong(block -> block.mixer().parameters()).sum();
    }

    @Override
    public long stateSize() {
        return blocks.stream().mapToLong(block -> block.mixer().stateSize()).sum();
    }

    /** The matrices lie in mapped files, which cost no memory of their own; the rest is small. */
    @Override
    public long bytes() {
        long scales =
                blocks.stream().mapToLong(block -> block.norm().parameters()).sum();
        return Float.BYTES * (scales + finalNorm.parameters());
    }
}
