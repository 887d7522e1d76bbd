package dev.coppice.worker.task.language;

import java.util.List;

/**
 * One document of a task, as text.
 *
 * @param place file, and row or line, for messages
 * @param requests what is asked of a model
 * @param judgement how its answers are judged
 */
public record TextDocument(String place, List<TextRequest> requests, Judgement judgement) {

    public TextDocument {
        requests = List.copyOf(requests);
    }
}
