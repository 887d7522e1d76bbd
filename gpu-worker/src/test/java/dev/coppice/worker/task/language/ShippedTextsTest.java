package dev.coppice.worker.task.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.task.TaskEntry;
import dev.coppice.worker.task.Tasks;
import dev.coppice.worker.task.data.DataPath;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The evaluation sets in data/lm, whole. */
class ShippedTextsTest {

    static Stream<Arguments> tasks() {
        return Stream.of(
                Arguments.of(Lambada.ENTRY, 5153, 1, 1),
                Arguments.of(HellaSwag.ENTRY, 10_042, 4, 4),
                Arguments.of(Piqa.ENTRY, 1838, 2, 2),
                Arguments.of(Arc.EASY, 2376, 3, 5),
                Arguments.of(Arc.CHALLENGE, 1172, 3, 5),
                Arguments.of(Winogrande.ENTRY, 1267, 2, 2),
                Arguments.of(OpenBookQa.ENTRY, 500, 4, 4));
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void everyDocumentIsWellFormed(TaskEntry entry, int count, int fewest, int most) {
        int documents = 0;
        RequestEntry requests = (RequestEntry) entry;
        try (DocumentReader reader = requests.reader().apply(requests.files(new DataPath(Goldens.DATA.toString())))) {
            for (TextDocument document = reader.next(); document != null; document = reader.next()) {
                assertThat(document.requests()).hasSizeBetween(fewest, most);
                assertThat(document.requests())
                        .allMatch(request -> request.continuation().startsWith(" "));
                documents++;
            }
        }
        assertThat(documents).isEqualTo(count);
    }

    @Test
    void wikiTextIsThePublishedFile() {
        assertThat(Tasks.dataSha256("wikitext2", Goldens.DATA.toString()))
                .isEqualTo("173c87a53759e0201f33e0ccf978e510c2042d7f2cb78229d9a50d79b9e7dd08");
    }
}
