package dev.coppice.worker.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that appears with all of its files or not at all. */
public final class NewFolder {

    /** Writes the folder's files. */
    @FunctionalInterface
    public interface Filling {
        void into(Path folder) throws IOException;
    }

    private NewFolder() {}

    /**
     * Makes a folder: its files are written under another name beside it, which is then changed.
     *
     * @param folder may be there already, if it is empty
     * @throws CheckpointException when there is something in the way or writing fails; then nothing is left behind
     */
    public static void create(Path folder, Filling filling) {
        Path target = folder.toAbsolutePath().normalize();
        requireFree(folder, target);
        Path temporary = target.resolveSibling(
                target.getFileName() + ".part-" + ProcessHandle.current().pid());
        try {
            Files.createDirectories(temporary);
            filling.into(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE); // also over an empty folder
        } catch (IOException e) {
            remove(temporary, e);
            throw new CheckpointException(folder + ": cannot be written: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            remove(temporary, e);
            throw e;
        }
    }

    private static void requireFree(Path named, Path target) {
        if (!Files.exists(target)) {
            return;
        }
        try (Stream<Path> entries = Files.list(target)) {
            if (entries.findAny().isPresent()) {
                throw new CheckpointException(named + ": is not empty; nothing is overwritten. Name another folder");
            }
        } catch (IOException e) {
            throw new CheckpointException(named + ": is no folder that can be written to: " + e.getMessage(), e);
        }
    }

    private static void remove(Path folder, Throwable cause) {
        try {
            delete(folder);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Deletes a folder and all that is in it. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
