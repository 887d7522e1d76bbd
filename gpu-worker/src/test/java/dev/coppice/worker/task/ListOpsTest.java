package dev.coppice.worker.task;

import static dev.coppice.worker.task.DataFixtures.examples;
import static dev.coppice.worker.task.DataFixtures.first;
import static dev.coppice.worker.task.DataFixtures.open;
import static dev.coppice.worker.task.DataFixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.Symbols;
import dev.coppice.worker.input.TokenIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListOpsTest {

    private static final String EXPRESSIONS = "Source\tTarget\r\n"
            + "( ( ( [MAX 2 ) ( ( ( [MIN 4 ) 7 ) ] ) ) ] )\t4\r\n"
            + "( ( ( ( [SM 1 ) 2 ) ( ( [MED 9 ) ] ) ) ] )\t2\r\n";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz", ".xz", ".bz2"})
    void expressionsAreTokenisedAsTheS5LoaderDoes(String packing) throws IOException {
        Path file = write(folder, "basic_test.tsv" + packing, EXPRESSIONS);

        assertThat(examples("listops", folder)).isEqualTo(examples("listops", file));
        assertThat(examples("listops", file))
                .containsExactly(
                        new LabelledExample(0, new Symbols(List.of("[MAX", "2", "[MIN", "4", "7", "X", "X")), 4),
                        new LabelledExample(1, new Symbols(List.of("[SM", "1", "2", "[MED", "9", "X", "X")), 2));
        assertThat(open("listops", file).size()).isEqualTo(2);
        assertThat(open("listops", file).inputs().kind()).isEqualTo(InputKind.SYMBOLS);
        assertThat(first(1, "listops", file)).hasSize(1);
    }

    @Test
    void numberedTokensAreTakenAsTheyAre() throws IOException {
        Path file = write(folder, "test.tsv.gz", "label\ttoken_ids\n2\t15 3 5 2\n9\t7\n");

        List<LabelledExample> read = examples("listops", file);

        assertThat(open("listops", file).inputs().kind()).isEqualTo(InputKind.TOKEN_IDS);
        assertThat(read).extracting(LabelledExample::label).containsExactly(2, 9);
        assertThat(((TokenIds) read.get(0).input()).ids()).containsExactly(15, 3, 5, 2);
        assertThat(((TokenIds) read.get(1).input()).ids()).containsExactly(7);
    }

    @Test
    void aWrongHeaderIsShown() throws IOException {
        assertRefused("1\t2 3\n", ":1: found \"1\t2 3\", expected the header Source TAB Target or label TAB token_ids");
        assertRefused("", ":1: found an empty file");
    }

    @Test
    void aWrongRowIsNamedByItsLine() throws IOException {
        assertRefused(EXPRESSIONS + "( [MAX 2 ) ] )\n", ":4: found 1 fields, expected 2");
        assertRefused(EXPRESSIONS + "[MAX 2 ]\t10\n", ":4: found the label 10, expected 0 to 9");
        assertRefused(EXPRESSIONS + "[MAX 2 ]\tfour\n", ":4: found the label \"four\"");
        assertRefused(EXPRESSIONS + "[MAX 2 [AVG 3 ] ]\t4\n", ":4: found \"[AVG\"");
        assertRefused(EXPRESSIONS + "\t4\n", ":4: found \"\", expected an expression");
        assertRefused("label\ttoken_ids\n2\t3 -4\n", ":2: found \"-4\", expected a number from 0");
        assertRefused("label\ttoken_ids\n2\t\n", ":2: found \"\", expected numbers separated by spaces");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() throws IOException {
        byte[] latin1 = (EXPRESSIONS + "\u00e9\t4\n").getBytes(StandardCharsets.ISO_8859_1);
        Path file = write(folder, "test.tsv", latin1);

        assertThatThrownBy(() -> examples("listops", file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("test.tsv:4: found bytes that are not UTF-8");
    }

    @Test
    void theFileOfAFolderMustBeUnmistakable() throws IOException {
        write(folder, "basic_test.tsv", EXPRESSIONS);
        write(folder, "basic_test.tsv.gz", EXPRESSIONS);
        write(folder, "basic_train.tsv", EXPRESSIONS);

        assertThatThrownBy(() -> open("listops", folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("found basic_test.tsv, basic_test.tsv.gz, expected one file")
                .hasMessageContaining("name the file itself as the data path");
    }

    private void assertRefused(String content, String message) throws IOException {
        Path file = write(folder, "test.tsv", content);
        assertThatThrownBy(() -> examples("listops", file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file + message);
    }
}
