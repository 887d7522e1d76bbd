package dev.coppice.worker.task.language;

import java.util.List;

/**
 * One document of a task, as the questions that it asks of a model.
 *
 * @param index number in the data, from 0
 * @param requests in the document's order; those of a multiple choice begin alike
 * @param judgement how the answers are judged
 */
public record TokenDocument(int index, List<ScoringRequest> requests, Judgement judgement) {

    public TokenDocument {
        requests = List.copyOf(requests);
    }

    /**
     * Judges a model's answers.
     *
     * @param scores one for each of the requests, in their order
     */
    public DocumentScore judge(List<RequestScore> scores) {
        if (scores.size() != requests.size()) {
            throw new IllegalArgumentException(
                    "document " + index + " has " + requests.size() + " requests and " + scores.size() + " scores");
        }
        return new DocumentScore(
                index,
                judgement.judge(scores),
                requests.stream().mapToLong(request -> request.targets().length).sum(),
                requests.stream().mapToLong(request -> request.input().length).sum(),
                requests.stream().filter(request -> request.truncated() > 0).count());
    }
}
