package dev.coppice.results.store;

/** Results that could not be written or listed. The message says what, where and what to do. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** A request that the store cannot meet. */
    public StoreException(String message) {
        super(message);
    }

    /** A failure of the file system below. */
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
