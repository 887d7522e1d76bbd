package dev.coppice.worker.weights;

import java.util.Comparator;
import java.util.List;

/** The error for a tensor that is not there, with the names that come closest. */
final class MissingTensor {

    private static final int SUGGESTIONS = 3;

    private MissingTensor() {}

    static CheckpointException in(Checkpoint checkpoint, String name) {
        List<String> near = checkpoint.names().stream()
                .sorted(Comparator.comparingInt((String other) -> -shared(name, other)))
                .limit(SUGGESTIONS)
                .toList();
        return new CheckpointException(checkpoint.source() + ": there is no tensor " + name + " among the "
                + checkpoint.names().size() + " there are"
                + (near.isEmpty() ? "" : "; the nearest names are " + String.join(", ", near))
                + ". Is it a checkpoint of another architecture?");
    }

    /** Length of the common beginning and of the common end together. */
    private static int shared(String a, String b) {
        int limit = Math.min(a.length(), b.length());
        int start = 0;
        while (start < limit && a.charAt(start) == b.charAt(start)) {
            start++;
        }
        int end = 0;
        while (end < limit && a.charAt(a.length() - 1 - end) == b.charAt(b.length() - 1 - end)) {
            end++;
        }
        return start + end;
    }
}
