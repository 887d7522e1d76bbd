package dev.coppice.worker.task.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.results.Metrics;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasureTest {

    private static final ScoringRequest REQUEST = new ScoringRequest(new int[] {1, 2}, new int[] {3}, 0);

    private static DocumentScore judged(Judgement judgement, double... logProbabilities) {
        List<RequestScore> scores = java.util.Arrays.stream(logProbabilities)
                .mapToObj(logProbability -> new RequestScore(logProbability, false))
                .toList();
        List<ScoringRequest> requests = scores.stream().map(score -> REQUEST).toList();
        return new TokenDocument(0, requests, judgement).judge(scores);
    }

    @Test
    void theFirstOfEqualChoicesWins() {
        Judgement first = new Judgement.MultipleChoice(0, List.of(1, 1));
        Judgement second = new Judgement.MultipleChoice(1, List.of(1, 1));

        assertThat(judged(first, -2, -2).verdict().correct()).isTrue();
        assertThat(judged(second, -2, -2).verdict().correct()).isFalse();
        assertThat(judged(second, -2, -2).verdict().chosen()).isZero();
    }

    @Test
    void normalisationIsByCharactersOfTheChoice() {
        Judgement.Verdict verdict =
                judged(new Judgement.MultipleChoice(1, List.of(2, 10)), -3, -5).verdict();

        assertThat(verdict.correct()).isFalse();
        assertThat(verdict.correctNormalised()).isTrue();
        assertThat(verdict.logLikelihood()).isEqualTo(-5);
    }

    @Test
    void oneDocumentHasNoStandardError() {
        Metrics metrics = Measure.CHOICES.of(List.of(judged(new Judgement.MultipleChoice(0, List.of()), -1, -2)));

        assertThat(metrics.accuracy()).isEqualTo(1);
        assertThat(metrics.accuracyStderr()).isNull();
        assertThat(metrics.accuracyNorm()).isNull();
        assertThat(metrics.tokens()).isEqualTo(4);
    }

    @Test
    void perplexityOfWindowsIsPerPredictedToken() {
        List<DocumentScore> scores =
                List.of(judged(Judgement.Prose.NONE, -1, -2, -3), judged(Judgement.Prose.NONE, -6));
        Metrics metrics = Measure.WINDOWS.of(scores);

        assertThat(metrics.loss()).isCloseTo(3, within(1e-15));
        assertThat(metrics.perplexity()).isCloseTo(Math.exp(3), within(1e-12));
        assertThat(metrics.examples()).isEqualTo(2);
        assertThat(metrics.accuracy()).isNull();
    }

    @Test
    void everyRequestHasAnAnswer() {
        TokenDocument document = new TokenDocument(7, List.of(REQUEST), new Judgement.Greedy());
        assertThatThrownBy(() -> document.judge(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("document 7 has 1 requests and 0 scores");
    }
}
