package dev.coppice.worker.prune.weight;

import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.WeightMatrix;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which matrices are pruned. */
public enum Targets {
    /** in_proj and out_proj of the state-space mixers, as in "On Pruning State-Space LLMs"; B and C of S5. */
    MIXER("mixer", EnumSet.of(MatrixRole.MIXER_IN, MatrixRole.MIXER_OUT)),
    /** in_proj, or B, alone: out_proj is far more sensitive. */
    MIXER_IN("mixer-in", EnumSet.of(MatrixRole.MIXER_IN)),
    /** in_proj, out_proj and the MLPs; of classifiers B, C and the gated linear units. */
    MIXER_MLP("mixer-mlp", EnumSet.of(MatrixRole.MIXER_IN, MatrixRole.MIXER_OUT, MatrixRole.MLP, MatrixRole.GLU)),
    /** Every linear map of the layers, attention and Mamba-1's inner projections too. */
    ALL("all", EnumSet.allOf(MatrixRole.class));

    private final String label;
    private final Set<MatrixRole> roles;

    Targets(String label, Set<MatrixRole> roles) {
        this.label = label;
        this.roles = roles;
    }

    /** Names in configs. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(targets -> targets.label).toList();
    }

    /** The targets of this name, which is one of {@link #labels}. */
    public static Targets of(String label) {
        return Arrays.stream(values())
                .filter(targets -> targets.label.equals(label))
                .findFirst()
                .orElseThrow();
    }

    /** The matrices of a model that are meant, in its order. */
    public List<WeightMatrix> in(ModelConfig model) {
        return in(model.matrices());
    }

    /** Why a method cannot prune these matrices of such a model; null when it can. */
    @Nullable
    String refusal(String method, @Nullable Pattern pattern, ModelConfig model) {
        List<WeightMatrix> matrices = in(model);
        if (matrices.isEmpty()) {
            List<String> others = Arrays.stream(values())
                    .filter(targets -> !targets.in(model).isEmpty())
                    .map(targets -> targets.label)
                    .toList();
            return method + " does not prune " + model.architecture()
                    + " models: none of their matrices is among targets = " + label
                    + (others.isEmpty() ? "" : ", some are among targets = " + String.join(" and ", others));
        }
        for (WeightMatrix matrix : matrices) {
            if (pattern != null && matrix.inputs() % pattern.group() != 0) {
                return method + " with pattern " + pattern + ": " + matrix.name() + " has " + matrix.inputs()
                        + " inputs, which " + pattern.group() + " does not divide";
            }
        }
        return null;
    }

    List<WeightMatrix> in(List<WeightMatrix> matrices) {
        return matrices.stream().filter(matrix -> roles.contains(matrix.role())).toList();
    }
}
