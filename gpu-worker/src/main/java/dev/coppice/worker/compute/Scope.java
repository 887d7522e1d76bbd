package dev.coppice.worker.compute;

/**
 * A region of tensor lifetimes. Tensors belong to the innermost scope that is open when they are made; closing it frees
 * them. Scopes close in the reverse order of their opening.
 */
public interface Scope extends AutoCloseable {

    @Override
    void close();
}
