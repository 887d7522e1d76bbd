package dev.coppice.results;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Hints for a name that is not known: the same wording wherever a user may mistype one. */
public final class DidYouMean {

    private DidYouMean() {}

    /**
     * The known name that is closest to {@code name}, when it is close enough to be meant: at most a third of its
     * letters inserted, deleted, replaced or swapped with their neighbour, or one of the two begins the other.
     */
    public static Optional<String> closest(String name, Collection<String> known) {
        String lower = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(candidate -> isClose(lower, candidate.toLowerCase(Locale.ROOT)))
                .min(Comparator.<String>comparingInt(candidate -> distance(lower, candidate.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** A clause for a message: {@code did you mean "last"?} when a name is close, else {@code known are: a, b, c}. */
    public static String hint(String name, Collection<String> known) {
        return closest(name, known)
                .map(candidate -> "did you mean \"" + candidate + "\"?")
                .orElseGet(() -> "known are: " + String.join(", ", known));
    }

    private static boolean isClose(String name, String candidate) {
        boolean begins = name.length() >= 3 && (candidate.startsWith(name) || name.startsWith(candidate));
        return begins || distance(name, candidate) <= Math.max(1, candidate.length() / 3);
    }

    /** Damerau's distance, without edits of swapped letters (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1]; // (length of a + 1, length of b + 1)
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
