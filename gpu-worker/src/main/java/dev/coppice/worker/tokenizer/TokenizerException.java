package dev.coppice.worker.tokenizer;

/** A tokenizer that is missing or cannot be used. The message says what, where and what to do. */
public final class TokenizerException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** A tokenizer that cannot be used. */
    public TokenizerException(String message) {
        super(message);
    }

    /** A tokenizer that cannot be read. */
    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
