package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A layer on a device. */
final class LoadedBlock {

    private final Compute compute;
    private final UnaryOperator<Tensor> norm;
    private final Mixer.@Nullable Loaded mixer;
    private final @Nullable UnaryOperator<Tensor> mlpNorm;
    private final Mlp.@Nullable Loaded mlp;

    LoadedBlock(Block block, Compute compute) {
        this.compute = compute;
        norm = block.norm().on(compute);
        mixer = block.mixer() instanceof AbsentMixer ? null : block.mixer().on(compute);
        mlpNorm = block.mlpNorm() == null ? null : block.mlpNorm().on(compute);
        mlp = block.mlp() == null ? null : block.mlp().on(compute);
    }

    /** The stream after the layer, then its states, whose names go to {@code names}. */
    List<Tensor> run(Tensor stream, Flow flow, Map<String, Tensor> before, List<String> names) {
        Tensor normed = norm.apply(stream);
        Mixer.Mixed mixed = mixer == null ? null : mixer.run(normed, flow, before);
        Tensor sum = mixed == null ? stream : compute.add(stream, mixed.y());
        if (mlp != null) {
            Tensor read = mlpNorm == null ? normed : mlpNorm.apply(sum);
            sum = compute.add(sum, mlp.run(read, flow));
        }
        List<Tensor> results = new ArrayList<>(List.of(sum));
        if (mixed != null) {
            mixed.state().forEach((name, state) -> {
                names.add(name);
                results.add(state);
            });
        }
        return results;
    }
}
