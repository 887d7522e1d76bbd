package dev.coppice.worker.compute.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Compiled kernels on disk, each under the SHA-256 of its text, its options (with the architecture) and the compiler's version. A
 * folder that cannot be written keeps nothing, and each process compiles for itself.
 */
final class KernelFolder {

    private final Path folder;

    KernelFolder(Path folder) {
        this.folder = folder;
    }

    /** Below XDG_CACHE_HOME, or .cache in the user's home. */
    static KernelFolder ofUser() {
        String caches = System.getenv("XDG_CACHE_HOME");
        Path root = caches == null || caches.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(caches);
        return new KernelFolder(root.resolve("coppice").resolve("kernels"));
    }

    /** Name of the file for a kernel. */
    static String key(KernelSource source, List<String> options, String compilerVersion) {
        MessageDigest digest = sha256();
        KernelTexts.HEADERS.forEach(header -> update(digest, KernelTexts.of(header)));
        update(digest, KernelTexts.of(source.file()));
        update(digest, compilerVersion);
        options.forEach(option -> update(digest, option));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, String part) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    Optional<byte[]> read(String key) {
        try {
            Path file = folder.resolve(key + ".cubin");
            return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Keeps a kernel: written beside its place and moved there, so that no reader sees half of it. */
    void write(String key, byte[] code) {
        try {
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, key.substring(0, 8), ".part");
            try {
                Files.write(part, code);
                Files.move(part, folder.resolve(key + ".cubin"), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            // the next process compiles it again
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
