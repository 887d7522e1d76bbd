package dev.coppice.worker.task;

import static dev.coppice.worker.task.DataFixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.input.InputKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TasksTest {

    private static final String ROWS = "label\ttoken_ids\n2\t15 3\n4\t7\n";

    private static final List<String> LANGUAGE_PROTOCOLS = List.of("zero-shot", "lm-eval");

    @TempDir
    private Path folder;

    @Test
    void everyTaskIsDefined() {
        assertThat(Tasks.names())
                .containsExactly(
                        "arc_challenge",
                        "arc_easy",
                        "hellaswag",
                        "image",
                        "lambada_openai",
                        "listops",
                        "openbookqa",
                        "pathfinder",
                        "pathx",
                        "piqa",
                        "psmnist",
                        "retrieval",
                        "scifar",
                        "smnist",
                        "speech35",
                        "speech35_half",
                        "text",
                        "wikitext2",
                        "winogrande");
        for (String name : Tasks.names()) {
            TaskDefinition definition = Tasks.definition(name);
            assertThat(definition.name()).isEqualTo(name);
            boolean language = definition.inputs().kind() == InputKind.LANGUAGE;
            assertThat(definition.protocol()).isIn(language ? LANGUAGE_PROTOCOLS : List.of("accuracy"));
            assertThat(definition.split()).isIn("test", "validation");
            assertThat(Stream.of(definition.version(), definition.layout(), definition.files()))
                    .noneMatch(String::isBlank);
        }
    }

    @Test
    void mistypedNamesAreAnsweredWithTheNearest() {
        assertThatThrownBy(() -> Tasks.definition("smnits"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown task \"smnits\"; did you mean \"smnist\"?");
        assertThatThrownBy(() -> Tasks.classification("listops", "x", parameters("limt", "3")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("task listops has no parameter \"limt\"; did you mean \"limit\"?");
    }

    @Test
    void limitsAreWholeNumbersFromOne() {
        for (String limit : new String[] {"0", "-1", "1.5", "many", "99999999999"}) {
            assertThatThrownBy(() -> Tasks.classification("listops", "x", parameters(TaskParameters.LIMIT, limit)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must be a whole number from 1, not \"" + limit + "\"");
        }
    }

    @Test
    void theHashIsOfTheUnpackedContent() throws Exception {
        Path plain = write(folder, "test.tsv", ROWS);
        String expected = sha256(ROWS);

        assertThat(Tasks.dataSha256("listops", plain.toString())).isEqualTo(expected);
        for (String packing : new String[] {".gz", ".xz", ".bz2"}) {
            Path packed = write(folder.resolve(packing), "renamed_test.tsv" + packing, ROWS);
            assertThat(Tasks.dataSha256("listops", packed.toString())).isEqualTo(expected);
        }
    }

    @Test
    void theHashOfSeveralFilesIsOverTheirLinesAsSha256sumWritesThem() throws Exception {
        write(folder.resolve("pos"), "1_7.txt.gz", "good");
        write(folder.resolve("neg"), "1_2.txt", "bad");

        assertThat(Tasks.dataSha256("text", folder.toString()))
                .isEqualTo(sha256(sha256("bad") + "  1_2.txt\n" + sha256("good") + "  1_7.txt\n"));
    }

    @Test
    void aChangedFileHasAnotherHashInTheSameProcess() throws Exception {
        Path file = write(folder, "test.tsv", ROWS);
        String before = Tasks.dataSha256("listops", file.toString());

        write(folder, "test.tsv", ROWS.replace('7', '8'));
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));

        assertThat(Tasks.dataSha256("listops", file.toString()))
                .isNotEqualTo(before)
                .isEqualTo(sha256(ROWS.replace('7', '8')));
    }

    @Test
    void otherDataThanPlannedIsRefused() throws Exception {
        Path file = write(folder, "test.tsv", ROWS);
        assertThat(Tasks.classification(
                                "listops", file.toString(), parameters(TaskParameters.DATA_SHA256, sha256(ROWS)))
                        .size())
                .isEqualTo(2);
        assertThatThrownBy(() -> Tasks.classification(
                        "listops", file.toString(), parameters(TaskParameters.DATA_SHA256, sha256("old"))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("it was changed since the jobs were planned");
    }

    @Test
    void filesAndFoldersAreReadThroughHadoop() throws Exception {
        Path file = write(folder, "test.tsv.gz", ROWS);
        for (String path : new String[] {"file://" + file, "remote:" + file, "remote:" + folder}) {
            try (Stream<LabelledExample> examples =
                    Tasks.classification("listops", path, new TreeMap<>()).examples()) {
                assertThat(examples.map(LabelledExample::label)).as(path).containsExactly(2, 4);
            }
            assertThat(Tasks.dataSha256("listops", path)).as(path).isEqualTo(sha256(ROWS));
        }
        assertThatThrownBy(() -> Tasks.dataSha256("listops", "remote:" + folder + "/nowhere"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("nowhere: there is no such file or folder");
    }

    @Test
    void anUnknownFileSystemIsNamed() {
        assertThatThrownBy(() -> Tasks.dataSha256("listops", "nosuchscheme://host/test.tsv"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("nosuchscheme://host/test.tsv: cannot be read (");
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        for (String packing : new String[] {".gz", ".xz", ".bz2"}) {
            Path file = write(folder, "test.tsv" + packing, ROWS.repeat(1000));
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, whole.length - 10));
            assertThatThrownBy(() -> Tasks.dataSha256("listops", file.toString()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(file + ": cannot be read (");

            Files.write(file, ROWS.getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> Tasks.dataSha256("listops", file.toString()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(file + ": cannot be read (");
        }
    }

    @Test
    void streamsThatAreNotReadToTheEndMayBeClosed() throws IOException {
        Path file = write(folder, "test.tsv", ROWS);
        try (Stream<LabelledExample> examples = Tasks.classification("listops", file.toString(), new TreeMap<>())
                .examples()) {
            assertThat(examples.findFirst()).map(LabelledExample::label).contains(2);
        }
    }

    private static SortedMap<String, String> parameters(String key, String value) {
        TreeMap<String, String> parameters = new TreeMap<>();
        parameters.put(key, value);
        return parameters;
    }

    private static String sha256(String content) throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }
}
