package dev.coppice.worker.task.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.LanguageTask;
import dev.coppice.worker.task.ParameterException;
import dev.coppice.worker.task.TaskEntry;
import dev.coppice.worker.task.TaskParameters;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents that are not as their layout says, and files that are not where it says. */
class MalformedDocumentsTest {

    private static final TaskParameters DEFAULTS = new TaskParameters(null, null, null, null);

    private final Tokenizer tokenizer = Goldens.tokenizer();

    @TempDir
    private Path folder;

    private List<TokenDocument> read(TaskEntry entry, String name, String content) throws IOException {
        return read(entry, Files.writeString(folder.resolve(name), content), DEFAULTS);
    }

    private List<TokenDocument> read(TaskEntry entry, Path data, TaskParameters parameters) {
        LanguageTask task = (LanguageTask) entry.open(new DataPath(data.toString()), parameters);
        try (Stream<TokenDocument> documents = task.documents(tokenizer, null)) {
            return documents.toList();
        }
    }

    private static TaskEntry entry(String task) {
        return Stream.of(Lambada.ENTRY, HellaSwag.ENTRY, Piqa.ENTRY, Arc.EASY, Winogrande.ENTRY, OpenBookQa.ENTRY)
                .filter(entry -> entry.definition().name().equals(task))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lambada_openai | | found an empty line, expected an object of JSON",
                "lambada_openai | {\"text\": \"a b\" | found no JSON (",
                "lambada_openai | [1] | found \"[1]\", expected an object of JSON",
                "lambada_openai | {\"txt\": \"a b\"} | found no text among txt, expected in text a text",
                "lambada_openai | {\"text\": \" \"} | found text = \" \", expected in text a text",
                "lambada_openai | {\"text\": 5} | found text = \"5\", expected in text a text",
                "hellaswag | {\"query\": \"q\", \"choices\": [], \"gold\": 0} | expected in choices a list of texts",
                "hellaswag | {\"query\": \"q\", \"choices\": [\"a\", \"\"], \"gold\": 0} | expected in choices a list of texts",
                "hellaswag | {\"query\": \"q\", \"choices\": [\"a\"], \"gold\": 1} | expected in gold a whole number from 0 to 0",
                "hellaswag | {\"ctx_a\": \"a\", \"ctx_b\": \"b\", \"activity_label\": \"c\"} | found no endings among",
                "hellaswag | {\"ctx_a\": \"a\", \"ctx_b\": \"b\", \"activity_label\": \"c\", \"endings\": [\"d\"], \"label\": \"\"}"
                        + " | found label = \"\", expected in label a whole number",
                "piqa | {\"goal\": \"g\", \"sol1\": \"a\", \"sol2\": \"b\"} | found no label among goal, sol1, sol2",
                "piqa | {\"goal\": \"g\", \"sol1\": \"a\", \"sol2\": \"b\", \"label\": 2} | found label = \"2\"",
                "arc_easy | {\"question\": \"q\", \"choices\": {\"text\": [\"a\"], \"label\": [\"A\"]}, \"answerKey\": \"B\"}"
                        + " | found answerKey = \"B\", expected in answerKey one of the choices' labels A",
                "arc_easy | {\"question\": \"q\", \"choices\": {\"text\": [\"a\", \"b\"], \"label\": [\"A\"]}, \"answerKey\": \"A\"}"
                        + " | one for each of 2 choices",
                "arc_easy | {\"question\": \"q\", \"choices\": [\"a\"], \"answerKey\": \"A\"} | found no choices.text among",
                "openbookqa | {\"question\": \"q\"} | found no question_stem among question",
                "winogrande | {\"sentence\": \"no blank\", \"option1\": \"a\", \"option2\": \"b\", \"answer\": \"1\"}"
                        + " | expected in sentence a blank, written _",
                "winogrande | {\"sentence\": \"a _ b\", \"option1\": \"a\", \"option2\": \"b\", \"answer\": \"0\"}"
                        + " | found answer = \"0\", expected in answer 1 or 2",
            })
    void theFileAndLineAreNamed(String task, String row, String message) throws IOException {
        String name = task + "_rows.jsonl";
        assertThatThrownBy(() -> read(entry(task), name, (row == null ? "" : row) + "\n"))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder.resolve(name) + ":1: found ")
                .hasMessageContaining(message)
                .hasMessageContaining("; mend the ");
    }

    @Test
    void piqasLabelsAreAsManyAsItsRows() throws IOException {
        String row = "{\"goal\": \"g\", \"sol1\": \"a\", \"sol2\": \"b\"}\n";
        Path labels = folder.resolve("valid-labels.lst");
        Files.writeString(labels, "1\n");
        assertThat(read(Piqa.ENTRY, "valid.jsonl", row)).hasSize(1);
        assertThat(read(Piqa.ENTRY, folder, DEFAULTS)).hasSize(1);
        assertThatThrownBy(() -> read(Piqa.ENTRY, "valid.jsonl", row + row))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("valid-labels.lst:1: found no label after this line for ")
                .hasMessageContaining("valid.jsonl:2");
        Files.writeString(labels, "1\n0\n");
        assertThatThrownBy(() -> read(Piqa.ENTRY, "valid.jsonl", row))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("valid-labels.lst:2: found a label without a row");
        Files.writeString(labels, "2\n");
        assertThatThrownBy(() -> read(Piqa.ENTRY, "valid.jsonl", row))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("valid-labels.lst:1: found \"2\", expected the label 0 or 1");
    }

    @Test
    void missingAndAmbiguousFilesAreListed() throws IOException {
        assertThatThrownBy(() -> read(HellaSwag.ENTRY, folder.resolve("none"), DEFAULTS))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none: there is no such file or folder");
        assertThatThrownBy(() -> read(HellaSwag.ENTRY, folder, DEFAULTS))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(folder + ": found no such file, expected hellaswag_validation*, hellaswag_val* or"
                        + " validation*, ending in .jsonl");
        Files.createFile(folder.resolve("hellaswag_val.jsonl"));
        Files.createFile(folder.resolve("hellaswag_val.jsonl.gz"));
        assertThatThrownBy(() -> read(HellaSwag.ENTRY, folder, DEFAULTS))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("found hellaswag_val.jsonl, hellaswag_val.jsonl.gz, expected one file: ")
                .hasMessageContaining("name the file itself as the data path");
        Path damaged = Files.writeString(folder.resolve("t.parquet"), "PAR1 but nothing else");
        assertThatThrownBy(() -> read(HellaSwag.ENTRY, damaged, DEFAULTS))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("t.parquet: cannot be read as Parquet (");
    }

    @Test
    void contextsAreCutToTheLengthAndCounted() throws IOException {
        String text = "{\"text\": \"" + "many words and more words ".repeat(20) + "end\"}\n";
        Path file = Files.writeString(folder.resolve("l.jsonl"), text + "{\"text\": \"few words\"}\n");
        LanguageTask task = (LanguageTask)
                Lambada.ENTRY.open(new DataPath(file.toString()), new TaskParameters(null, 16, null, null));
        try (Stream<TokenDocument> stream = task.documents(tokenizer, 64)) {
            List<TokenDocument> documents = stream.toList();
            assertThat(documents.get(0).requests().get(0).input()).hasSize(16);
            assertThat(documents.get(0).requests().get(0).truncated()).isPositive();
            List<DocumentScore> scores = documents.stream()
                    .map(document -> document.judge(List.of(new RequestScore(-1, true))))
                    .toList();
            assertThat(task.metrics(scores).extra()).containsEntry("truncated_requests", 1.0);
        }
        assertThatThrownBy(() -> task.documents(tokenizer, 8))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("task lambada_openai feeds 16 tokens at once, the model has positions for 8");
    }

    @Test
    void continuationsThatCannotBeScoredAreRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("l.jsonl"), "{\"text\": \"a " + "b".repeat(200) + "\"}\n");
        assertThatThrownBy(() -> read(Lambada.ENTRY, file, new TaskParameters(null, 4, null, null)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("l.jsonl:1: the continuation has ")
                .hasMessageContaining("the model is fed at most 4; raise the task's length");
    }

    @Test
    void dataWithoutDocumentsIsRefused() throws IOException {
        assertThatThrownBy(() -> read(Lambada.ENTRY, "empty.jsonl", ""))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("empty.jsonl: found no row, expected a document a row");
        assertThatThrownBy(() -> read(WikiText.ENTRY, "wiki.test.raw", " \n \n"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("task wikitext2: the text is blank");
    }

    @Test
    void aTextShorterThanAWindowIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("wiki.test.raw"), " = A = \n \n Short . \n");
        for (String protocol : new String[] {"raw-512", "joined-512"}) {
            assertThatThrownBy(() -> read(WikiText.ENTRY, file, new TaskParameters(null, null, protocol, null)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("tokens, fewer than a window of 512");
        }
        assertThat(read(WikiText.ENTRY, file, new TaskParameters(null, null, "per-line-512", null)))
                .hasSize(1);
    }
}
