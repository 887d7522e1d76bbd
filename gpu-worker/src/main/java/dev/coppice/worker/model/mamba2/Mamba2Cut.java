package dev.coppice.worker.model.mamba2;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.language.MixerCut;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.language.RowSources;
import dev.coppice.worker.model.mamba2.Mamba2Shape.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A Mamba-2 mixer without some of its parts.
 *
 * @param whole in the old size
 * @param small without what is pruned
 * @param zeros weights that the small form holds as zeros
 */
public record Mamba2Cut(Mamba2Rows whole, Mamba2Rows small, long zeros) implements MixerCut {

    private static final int[] NONE = {};

    private static Mamba2Cut of(Mamba2Mixer mixer, Mamba2Rows whole, Mamba2Rows small) {
        return new Mamba2Cut(whole, small, small.zeros(mixer.convBias() != null));
    }

    /**
     * Without some states: rows of B and C, in in_proj and in the convolution. Groups that keep fewer states than another one of the layer are
     * filled up with zeros.
     *
     * @param kept true for a state that stays; (bGroups, N)
     */
    public static Mamba2Cut states(Mamba2Mixer mixer, boolean[][] kept) {
        Mamba2Shape shape = mixer.shape();
        int n = shape.states();
        int most = 1;
        for (boolean[] group : kept) {
            most = Math.max(most, count(group));
        }
        Map<Part, RowSources> zeroed = new EnumMap<>(Part.class);
        Map<Part, RowSources> compact = new EnumMap<>(Part.class);
        for (Part part : List.of(Part.B, Part.C)) {
            int groupsOfB = shape.rows(part) / n / kept.length;
            zeroed.put(part, zeroed(shape.rows(part), row -> kept[row / n / groupsOfB][row % n]));
            compact.put(part, compact(shape.rows(part), n, most, row -> kept[row / n / groupsOfB][row % n]));
        }
        return of(
                mixer,
                Mamba2Rows.of(shape, shape, zeroed, 1),
                Mamba2Rows.of(shape, shape.withStates(most), compact, 1));
    }

    /** With the means of neighbouring states in their place: n runs of (nearly) equal length. */
    public static Mamba2Cut pooledStates(Mamba2Mixer mixer, int n) {
        Mamba2Shape shape = mixer.shape();
        int old = shape.states();
        Map<Part, RowSources> zeroed = new EnumMap<>(Part.class);
        Map<Part, RowSources> compact = new EnumMap<>(Part.class);
        for (Part part : List.of(Part.B, Part.C)) {
            int[][] whole = new int[shape.rows(part)][];
            int[][] small = new int[shape.rows(part) / old * n][];
            Arrays.fill(whole, NONE);
            for (int i = 0; i < small.length; i++) {
                int first = i / n * old + i % n * old / n;
                int end = i / n * old + (i % n + 1) * old / n;
                small[i] = IntStream.range(first, end).toArray();
                whole[first] = small[i];
            }
            zeroed.put(part, new RowSources(whole));
            compact.put(part, new RowSources(small));
        }
        return of(mixer, Mamba2Rows.of(shape, shape, zeroed, 1), Mamba2Rows.of(shape, shape.withStates(n), compact, 1));
    }

    /**
     * Without some channels of each head: of x, z, out_proj's columns, the norm or the gate's bias. Heads that share an x lose the same ones.
     *
     * @param kept true for a channel that stays, as many in each head; (xHeads, P)
     */
    public static Mamba2Cut channels(Mamba2Mixer mixer, boolean[][] kept) {
        Mamba2Shape shape = mixer.shape();
        int p = shape.headWidth();
        int most = count(kept[0]);
        IntPredicate ofX = row -> kept[row / p][row % p];
        IntPredicate ofZ = row -> kept[row / p / shape.headsOfX()][row % p];
        return narrowed(
                mixer,
                shape.withHeadWidth(most),
                Map.of(Part.X, zeroed(shape.rows(Part.X), ofX), Part.Z, zeroed(shape.inner(), ofZ)),
                Map.of(Part.X, kept(shape.rows(Part.X), ofX), Part.Z, kept(shape.inner(), ofZ)));
    }

    /**
     * Without some heads, each with its x, z, dt, out_proj's columns, and its B and C where they are its own.
     *
     * @param kept true for a head that stays; (H)
     * @param bias what the removed heads gave on average behind out_proj, (D); null for nothing in their place
     */
    public static Mamba2Cut heads(Mamba2Mixer mixer, boolean[] kept, float @Nullable [] bias) {
        Mamba2Shape shape = mixer.shape();
        Map<Part, RowSources> zeroed = new EnumMap<>(Part.class);
        Map<Part, RowSources> compact = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            int rows = shape.rows(part);
            boolean shared = (part == Part.B || part == Part.C) && shape.bGroups() < shape.heads();
            if (!shared) {
                int each = rows / shape.heads();
                compact.put(part, kept(rows, row -> kept[row / each]));
                if (part == Part.X || part == Part.Z) {
                    zeroed.put(part, zeroed(rows, row -> kept[row / each]));
                }
            }
        }
        Mamba2Cut cut = narrowed(mixer, shape.withHeads(count(kept)), zeroed, compact);
        return bias == null ? cut : new Mamba2Cut(cut.whole.with(bias), cut.small.with(bias), cut.zeros);
    }

    /**
     * With the means of the B and C of several groups in their place; heads are put in the order of their new groups.
     *
     * @param clusters groups that become one, as many in each; (n)(members)
     */
    public static Mamba2Cut merged(Mamba2Mixer mixer, int[][] clusters) {
        Mamba2Shape shape = mixer.shape();
        int n = shape.states();
        int[][] whole = new int[shape.bGroups() * n][];
        int[][] small = new int[clusters.length * n][];
        List<Integer> heads = new ArrayList<>();
        for (int cluster = 0; cluster < clusters.length; cluster++) {
            for (int state = 0; state < n; state++) {
                int s = state;
                int[] sources = Arrays.stream(clusters[cluster])
                        .map(group -> group * n + s)
                        .toArray();
                small[cluster * n + state] = sources;
                for (int row : sources) {
                    whole[row] = sources;
                }
            }
            for (int group : clusters[cluster]) {
                for (int h = 0; h < shape.headsOfGroup(); h++) {
                    heads.add(group * shape.headsOfGroup() + h);
                }
            }
        }
        Map<Part, RowSources> compact = new EnumMap<>(Part.class);
        for (Part part : List.of(Part.X, Part.Z, Part.DT)) {
            int each = shape.rows(part) / shape.heads();
            int[][] moved = new int[shape.rows(part)][];
            Arrays.setAll(moved, row -> new int[] {heads.get(row / each) * each + row % each});
            compact.put(part, new RowSources(moved));
        }
        compact.put(Part.B, new RowSources(small));
        compact.put(Part.C, new RowSources(small));
        Map<Part, RowSources> zeroed = Map.of(Part.B, new RowSources(whole), Part.C, new RowSources(whole));
        return of(
                mixer,
                Mamba2Rows.of(shape, shape, zeroed, 1),
                Mamba2Rows.of(shape, shape.withGroups(clusters.length), compact, 1));
    }

    /**
     * A cut that leaves the norm fewer channels. Zeros do not count in its mean: v w f / sqrt(s/d + f^2 e) with f^2 = d'/d is v w / sqrt(s/d' + e), s
     * the sum of squares, d and d' the channels before and after.
     */
    private static Mamba2Cut narrowed(
            Mamba2Mixer mixer, Mamba2Shape smaller, Map<Part, RowSources> zeroed, Map<Part, RowSources> compact) {
        Mamba2Shape shape = mixer.shape();
        boolean normed = shape.normGroups() > 0;
        double left = normed ? smaller.inner() / (double) shape.inner() : 1;
        return of(
                mixer,
                Mamba2Rows.of(shape, shape.withEpsilon(shape.epsilon() * left), zeroed, Math.sqrt(left)),
                Mamba2Rows.of(shape, smaller, compact, 1));
    }

    private static RowSources zeroed(int rows, IntPredicate kept) {
        int[][] of = new int[rows][];
        Arrays.setAll(of, row -> kept.test(row) ? new int[] {row} : NONE);
        return new RowSources(of);
    }

    private static RowSources kept(int rows, IntPredicate kept) {
        return new RowSources(IntStream.range(0, rows)
                .filter(kept)
                .mapToObj(row -> new int[] {row})
                .toArray(int[][]::new));
    }

    /** The kept rows of each run of {@code n}, filled up to {@code most}. */
    private static RowSources compact(int rows, int n, int most, IntPredicate kept) {
        int[][] of = new int[rows / n * most][];
        Arrays.fill(of, NONE);
        for (int group = 0; group < rows / n; group++) {
            int next = group * most;
            for (int row = group * n; row < (group + 1) * n; row++) {
                if (kept.test(row)) {
                    of[next++] = new int[] {row};
                }
            }
        }
        return new RowSources(of);
    }

    private static int count(boolean[] kept) {
        int count = 0;
        for (boolean one : kept) {
            count += one ? 1 : 0;
        }
        return count;
    }

    @Override
    public MixerShape zeroedShape() {
        return whole.shape();
    }

    @Override
    public MixerShape compactShape() {
        return small.shape();
    }

    @Override
    public Map<String, HostArray> zeroed(String prefix, Function<String, @Nullable HostArray> stored) {
        return whole.tensors(prefix, stored);
    }

    @Override
    public Map<String, HostArray> compact(String prefix, Function<String, @Nullable HostArray> stored) {
        return small.tensors(prefix, stored);
    }
}
