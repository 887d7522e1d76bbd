package dev.coppice.worker.task;

import static dev.coppice.worker.task.DataFixtures.examples;
import static dev.coppice.worker.task.DataFixtures.open;
import static dev.coppice.worker.task.DataFixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.input.DocumentPair;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Text;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentPairsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz", ".xz", ".bz2"})
    void pairsAreReadAsCsvReadersDo(String packing) throws IOException {
        write(
                folder,
                "new_aan_pairs.test.tsv" + packing,
                "1.0\tP98-1\tP99-2\tfirst \"text\"\tsecond\n"
                        + "0\tP98-3\tP99-4\t\"with a\ttab and \"\"marks\"\"\"\tb\"plain\"\n");
        write(folder, "new_aan_pairs.train.tsv", "unread");

        assertThat(examples("retrieval", folder))
                .containsExactly(
                        new LabelledExample(0, new DocumentPair(new Text("first \"text\""), new Text("second")), 1),
                        new LabelledExample(
                                1, new DocumentPair(new Text("with a\ttab and \"marks\""), new Text("b\"plain\"")), 0));
        assertThat(open("retrieval", folder).size()).isEqualTo(2);
        assertThat(open("retrieval", folder).inputs()).isEqualTo(new InputSpec(InputKind.TEXT, 0, 0, false, true, 2));
    }

    @Test
    void wrongRowsAreNamedByTheirLine() throws IOException {
        assertRefused("1\ta\tb\tx\ty\n1\ta\tb\tx\n", ":2: found 4 fields, expected label, id, id, text and text");
        assertRefused("2\ta\tb\tx\ty\n", ":1: found the label 2, expected 0 to 1");
        assertRefused("0.5\ta\tb\tx\ty\n", ":1: found the label \"0.5\"");
        assertRefused("1\ta\tb\t\"x\ty\n", ":1: found the quoted field \"x\ty\" without its end");
        assertRefused("1\ta\tb\tx\ty\n\n", ":2: found 1 fields");
    }

    private void assertRefused(String content, String message) throws IOException {
        Path file = write(folder, "test.tsv", content);
        assertThatThrownBy(() -> examples("retrieval", file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file + message);
    }
}
