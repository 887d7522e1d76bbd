package dev.coppice.results;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * SHA-256 of a {@link JobSpec}'s canonical JSON: the key for resuming, removing duplicates and joining tables.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record JobId(String hex) implements Comparable<JobId>, Serializable {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public JobId {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("a job id is 64 lower-case hexadecimal digits, not \"" + hex + "\"");
        }
    }

    /** The id of {@code spec}. */
    public static JobId of(JobSpec spec) {
        return new JobId(Sha256.hex(CanonicalJson.of(spec).getBytes(StandardCharsets.UTF_8)));
    }

    /** The first twelve digits, for people. */
    public String abbreviated() {
        return hex.substring(0, 12);
    }

    @Override
    public int compareTo(JobId other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
