package dev.coppice.results.store;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Turns what a file system throws into what a user can act on. */
final class StoreFailure {

    private StoreFailure() {}

    static StoreException of(String what, Exception cause) {
        return new StoreException("cannot " + what + ": " + reason(cause), cause);
    }

    private static String reason(Exception cause) {
        String message = message(cause);
        if (message.contains("No space left") || message.contains("quota")) {
            return "the disk is full (" + message + "). Free some space or choose another output, then run the same"
                    + " command again: rows that are already written are kept";
        }
        if (cause instanceof AccessDeniedException || message.contains("Permission denied")) {
            return "permission denied (" + message
                    + "). Choose an output that you may write, or change its permissions";
        }
        if (cause instanceof FileAlreadyExistsException
                || cause instanceof NotDirectoryException
                || message.contains("Not a directory")) {
            return "there is a file where a folder is needed (" + message + "). Choose another output";
        }
        if (message.contains("Read-only file system")) {
            return "the file system is read-only (" + message + "). Choose another output";
        }
        return message + ". Check that the output is reachable and may be written";
    }

    private static String message(Throwable cause) {
        @Nullable String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
