package dev.coppice.results;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutcomeTest {

    private static final JobId JOB = new JobId("0".repeat(64));

    private static Outcome done(int attempt) {
        return new Outcome(JOB, attempt, Status.DONE, null);
    }

    private static Outcome failed(int attempt) {
        return new Outcome(JOB, attempt, Status.FAILED, FailureKind.DATA);
    }

    @Test
    void aSuccessfulAttemptSpeaksForTheJobEvenWhenALaterOneFailed() {
        assertThat(done(1).supersedes(failed(2))).isTrue();
        assertThat(failed(2).supersedes(done(1))).isFalse();
    }

    @Test
    void amongEqualsTheLatestSpeaks() {
        assertThat(done(2).supersedes(done(1))).isTrue();
        assertThat(failed(3).supersedes(failed(2))).isTrue();
        assertThat(failed(2).supersedes(failed(3))).isFalse();
    }

    @Test
    void aCopyChangesNothing() {
        assertThat(done(1).supersedes(done(1))).isFalse();
    }
}
