package dev.coppice.worker.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Which build this is.
 *
 * @param version version of Coppice
 * @param gitCommit commit it was built from, with "-dirty" when sources were changed; null outside a checkout
 */
public record BuildInfo(String version, @Nullable String gitCommit) {

    /** The build that this class belongs to. */
    public static BuildInfo current() {
        Properties properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream("/coppice-build.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String commit = properties.getProperty("git.commit", "");
        return new BuildInfo(
                properties.getProperty("version", "unknown"),
                commit.isBlank() || commit.startsWith("$") ? null : commit);
    }

    @Override
    public String toString() {
        return gitCommit == null ? version : version + " (" + gitCommit + ")";
    }
}
