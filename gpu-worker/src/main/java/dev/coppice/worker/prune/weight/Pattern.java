package dev.coppice.worker.prune.weight;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * N:M sparsity: of each {@code group} consecutive weights of a row, {@code pruned} are pruned.
 *
 * @param pruned N
 * @param group M
 */
public record Pattern(int pruned, int group) {

    /** The name of no pattern. */
    public static final String NONE = "none";

    /** Names in configs. */
    public static final List<String> LABELS = List.of(NONE, "2:4", "4:8");

    /** The pattern of this name, which is one of {@link #LABELS}; null for none. */
    public static @Nullable Pattern of(String label) {
        if (label.equals(NONE)) {
            return null;
        }
        String[] parts = label.split(":", -1);
        return new Pattern(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    /** Whether {@code ratio} is what the pattern prunes. */
    private boolean prunes(BigDecimal ratio) {
        return ratio.multiply(BigDecimal.valueOf(group)).compareTo(BigDecimal.valueOf(pruned)) == 0;
    }

    /** Why a method cannot prune this fraction; null when it can. */
    @Nullable
    String refusal(String method, BigDecimal ratio) {
        return prunes(ratio)
                ? null
                : method + " with pattern " + this + " prunes " + pruned + " of " + group + ": its only ratio is "
                        + pruned / (double) group;
    }

    @Override
    public String toString() {
        return pruned + ":" + group;
    }
}
