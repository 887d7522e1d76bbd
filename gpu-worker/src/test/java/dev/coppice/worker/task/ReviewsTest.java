package dev.coppice.worker.task;

import static dev.coppice.worker.task.DataFixtures.examples;
import static dev.coppice.worker.task.DataFixtures.first;
import static dev.coppice.worker.task.DataFixtures.open;
import static dev.coppice.worker.task.DataFixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReviewsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz", ".xz", ".bz2"})
    void rowsKeepTheirTextAsItStands(String packing) throws IOException {
        // A tab belongs to the text, and U+0085 (in the vocabulary of trained models) ends no line.
        Path file = write(
                folder,
                "imdb_test_3.tsv" + packing,
                "pos\t8105\t8\tGold.<br />Caf\u00e9\tand\u0085more \nneg\t6162\t2\t\"Bad\"\r\npos\t7\t10\t\ud83d\ude00");

        assertThat(examples("text", file))
                .containsExactly(
                        new LabelledExample(0, new Text("Gold.<br />Caf\u00e9\tand\u0085more "), 1),
                        new LabelledExample(1, new Text("\"Bad\""), 0),
                        new LabelledExample(2, new Text("\ud83d\ude00"), 1));
        assertThat(open("text", file).size()).isEqualTo(3);
        assertThat(open("text", folder).inputs()).isEqualTo(new InputSpec(InputKind.TEXT, 0, 0, false, false, 2));
    }

    @Test
    void foldersAreReadByNumberSoThatALimitSeesBothClasses() throws IOException {
        write(folder.resolve("test/pos"), "2_7.txt", "good two");
        write(folder.resolve("test/pos"), "10_9.txt", "good ten");
        write(folder.resolve("test/neg"), "2_1.txt", "bad two");
        write(folder.resolve("test/neg"), "11_4.txt", "bad\neleven\n");
        write(folder.resolve("test/neg"), "urls.lst", "not a review");

        assertThat(examples("text", folder))
                .containsExactly(
                        new LabelledExample(0, new Text("bad two"), 0),
                        new LabelledExample(1, new Text("good two"), 1),
                        new LabelledExample(2, new Text("good ten"), 1),
                        new LabelledExample(3, new Text("bad\neleven\n"), 0));
        assertThat(examples("text", folder.resolve("test"))).isEqualTo(examples("text", folder));
        assertThat(open("text", folder).size()).isEqualTo(4);
        assertThat(first(2, "text", folder)).extracting(LabelledExample::label).containsExactly(0, 1);
    }

    @Test
    void wrongRowsAreNamedByTheirLine() throws IOException {
        Path file = write(folder, "test.tsv", "pos\t1\t8\tgood\nneg\t2\tbad\n");
        assertThatThrownBy(() -> examples("text", file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file + ":2: found 3 fields, expected label, id, rating and text");

        write(folder, "test.tsv", "1\t1\t8\tgood\n");
        assertThatThrownBy(() -> examples("text", file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file + ":1: found the label \"1\", expected pos or neg");
    }

    @Test
    void wrongFoldersAreRefused() throws IOException {
        Files.createDirectories(folder.resolve("test/pos"));
        Files.createDirectories(folder.resolve("test/neg"));
        assertThatThrownBy(() -> open("text", folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no *.txt in pos and neg");

        write(folder.resolve("test/pos"), "readme.txt", "not a review");
        assertThatThrownBy(() -> open("text", folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("readme.txt: found this name, expected ID_RATING.txt");
    }

    @Test
    void aReviewThatIsNotUtf8IsNamed() throws IOException {
        Files.createDirectories(folder.resolve("test/neg"));
        write(folder.resolve("test/pos"), "1_7.txt", new byte[] {'o', 'k', (byte) 0xe9});

        assertThatThrownBy(() -> examples("text", folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("1_7.txt: found bytes that are not UTF-8");
    }
}
