package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Course;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Start;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.Observer;
import java.util.Map;

/**
 * How a batch runs through the layers.
 *
 * @param segments where its sequences lie
 * @param parents which earlier sequence each goes on from; empty at the beginning
 * @param pastLengths tokens of each earlier sequence; empty at the beginning
 * @param carry whether something will go on from it
 * @param observer sees what goes into each matrix, by the matrix's name
 */
public record Flow(Segments segments, int[] parents, int[] pastLengths, Carry carry, Observer observer) {

    static Flow of(TokenBatch batch, Carry carry, Observer observer) {
        TokenBatch.Continuation start = batch.start();
        return start == null
                ? new Flow(batch.segments(), new int[0], new int[0], carry, observer)
                : new Flow(batch.segments(), start.parents(), start.states().lengths(), carry, observer);
    }

    /** The course of an operation that goes on from the state of this name. */
    public Course course(Map<String, Tensor> before, String name) {
        Tensor states = before.get(name);
        return new Course(segments, states == null ? null : new Start(states, parents), carry);
    }

    /** Tokens before sequence {@code s}. */
    public int past(int s) {
        return parents.length == 0 ? 0 : pastLengths[parents[s]];
    }

    /** Tokens that each sequence will have seen. */
    public int[] lengths() {
        int[] lengths = new int[segments.count()];
        for (int s = 0; s < lengths.length; s++) {
            lengths[s] = past(s) + segments.length(s);
        }
        return lengths;
    }
}
