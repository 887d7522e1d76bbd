package dev.coppice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coppice.worker.task.language.Judgement;
import dev.coppice.worker.task.language.ScoringRequest;
import dev.coppice.worker.task.language.TokenDocument;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where documents are cut, and which of them run together. */
class ForkedBatchTest {

    private static ForkedDocument fork(int[]... inputs) {
        List<ScoringRequest> requests = Arrays.stream(inputs)
                .map(input -> new ScoringRequest(input, new int[] {7}, 0))
                .toList();
        return ForkedDocument.of(new TokenDocument(0, requests, new Judgement.Greedy()));
    }

    private static int[][] branches(ForkedDocument document) {
        return document.requests().stream().map(ForkedRequest::branch).toArray(int[][]::new);
    }

    private static List<Integer> sizes(List<ForkedDocument> documents, long stateBytes) {
        return ForkedBatch.collect(documents, stateBytes).stream()
                .map(batch -> batch.documents().size())
                .toList();
    }

    @Test
    void theStemIsWhatAllInputsBeginWith() {
        ForkedDocument document = fork(new int[] {1, 2, 3, 4}, new int[] {1, 2, 5}, new int[] {1, 2, 3, 6});

        assertThat(document.stem()).containsExactly(1, 2);
        assertThat(branches(document)).isDeepEqualTo(new int[][] {{3, 4}, {5}, {3, 6}});
        assertThat(document.branchRows()).isEqualTo(5);
    }

    @Test
    void anInputThatTheOthersGoOnFromHasAnEmptyBranch() {
        ForkedDocument document = fork(new int[] {1, 2, 3}, new int[] {1, 2});

        assertThat(document.stem()).containsExactly(1, 2);
        assertThat(branches(document)).isDeepEqualTo(new int[][] {{3}, {}});
        assertThat(new ForkedBatch(List.of(document)).branches())
                .containsExactly(
                        List.of(new ForkedBatch.Branch(0, document.requests().get(0))));
    }

    @Test
    void oneRequestIsAllStemAndStrangersShareNone() {
        assertThat(fork(new int[] {4, 5, 6}).stem()).containsExactly(4, 5, 6);
        assertThat(new ForkedBatch(List.of(fork(new int[] {4, 5, 6}))).branches())
                .isEmpty();
        assertThat(fork(new int[] {4, 5}, new int[] {5, 4}).stem()).isEmpty();
    }

    @Test
    void batchesEndBeforeTheirRowsPassTheLimit() {
        ForkedDocument half = fork(new int[ForkedBatch.MAX_ROWS / 2]);
        ForkedDocument one = fork(new int[1]);
        ForkedDocument large = fork(new int[ForkedBatch.MAX_ROWS + 1]);

        assertThat(sizes(List.of(half, half, one, large, one), 1)).containsExactly(2, 1, 1, 1);
        assertThat(ForkedBatch.collect(List.of(), 1)).isEmpty();
    }

    @Test
    void batchesEndBeforeTheirStatesPassAGibibyte() {
        List<ForkedDocument> documents = Collections.nCopies(5, fork(new int[1]));

        assertThat(sizes(documents, 1L << 29)).containsExactly(2, 2, 1);
        assertThat(sizes(documents, (1L << 29) + 1)).containsExactly(1, 1, 1, 1, 1);
        assertThat(sizes(documents, 1L << 40)).containsExactly(1, 1, 1, 1, 1);
    }

    @Test
    void manyBranchesRunPieceByPiece() {
        int[] first = new int[ForkedBatch.MAX_ROWS];
        int[] second = new int[ForkedBatch.MAX_ROWS - 1];
        Arrays.fill(second, 1);
        int[] third = {2};
        ForkedDocument document = fork(first, second, third);

        List<List<ForkedBatch.Branch>> runs = new ForkedBatch(List.of(document)).branches();

        assertThat(runs.stream().map(List::size)).containsExactly(1, 2);
        assertThat(runs.stream().flatMap(List::stream).map(ForkedBatch.Branch::request))
                .containsExactlyElementsOf(document.requests());
    }

    @Test
    void whatIsNoNumberIsReportedWithItsDocumentAndRequest() {
        ScoringRequest request = new ScoringRequest(new int[] {1}, new int[] {2}, 0);
        ForkedRequest forked = new ForkedRequest(31, 2, request, 1);

        assertThatExceptionOfType(NumericException.class)
                .isThrownBy(() -> forked.add(Float.NaN, false))
                .withMessageContaining("document 31, request 2, is NaN");
    }
}
