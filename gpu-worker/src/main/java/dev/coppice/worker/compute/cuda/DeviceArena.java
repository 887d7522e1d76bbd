package dev.coppice.worker.compute.cuda;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Who frees which block: the scopes of a compute, innermost first. */
final class DeviceArena {

    private final DevicePool pool;
    private final Deque<List<DeviceMemory>> scopes = new ArrayDeque<>();

    DeviceArena(DevicePool pool) {
        this.pool = pool;
    }

    /** Opens a scope and tells how deep it lies. */
    int open() {
        scopes.push(new ArrayList<>());
        return scopes.size();
    }

    /** A block of the innermost scope. */
    DeviceMemory take(long bytes) {
        List<DeviceMemory> innermost = scopes.peek();
        if (innermost == null) {
            throw new IllegalStateException("no scope is open: a tensor would never be freed");
        }
        DeviceMemory memory = pool.take(bytes);
        innermost.add(memory);
        return memory;
    }

    /** Frees a block before its scope ends. */
    void drop(DeviceMemory memory) {
        for (List<DeviceMemory> scope : scopes) {
            if (scope.remove(memory)) {
                pool.giveBack(memory);
                return;
            }
        }
    }

    /** Closes the innermost scope, which lies at {@code depth}, and moves what {@code results} are made of to the one around it. */
    void close(int depth, List<CudaTensor> results) {
        if (scopes.size() != depth) {
            throw new IllegalStateException("scope " + depth + " is closed while scope " + scopes.size() + " is open");
        }
        Set<DeviceMemory> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        for (CudaTensor result : results) {
            if (result.memory() != null) {
                kept.add(result.memory());
            }
        }
        List<DeviceMemory> closing = scopes.pop();
        List<DeviceMemory> outer = scopes.peek();
        if (outer == null && !kept.isEmpty()) {
            closing.forEach(pool::giveBack);
            throw new IllegalStateException("no scope is open around the results: they would never be freed");
        }
        for (DeviceMemory memory : closing) {
            if (outer != null && kept.contains(memory)) {
                outer.add(memory);
            } else {
                pool.giveBack(memory);
            }
        }
    }

    /** Frees everything. */
    void clear() {
        while (!scopes.isEmpty()) {
            scopes.pop().forEach(pool::giveBack);
        }
    }
}
