package dev.coppice.driver.cli;

/** A command that cannot be done as it was given. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
