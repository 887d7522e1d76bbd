package dev.coppice.worker.task.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.jerolba.carpet.CarpetWriter;
import dev.coppice.worker.task.TaskEntry;
import dev.coppice.worker.task.data.DataPath;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables with the columns of the Hugging Face hub, as Parquet and as JSON lines, give the documents of the shipped files. */
class HubLayoutsTest {

    @TempDir
    private Path folder;

    record Lambada1(String text) {}

    record HellaSwag1(
            int ind,
            String activity_label,
            String ctx_a,
            String ctx_b,
            String ctx,
            List<String> endings,
            String label) {}

    record Piqa1(String goal, String sol1, String sol2, long label) {}

    record Keyed(List<String> text, List<String> label) {}

    record Arc1(String id, String question, Keyed choices, String answerKey) {}

    record OpenBook1(String id, String question_stem, Keyed choices, String answerKey) {}

    record Winogrande1(String sentence, String option1, String option2, String answer) {}

    record Wiki1(String text) {}

    @Test
    void lambada() throws IOException {
        List<Lambada1> rows = shipped(Lambada.ENTRY, 40).stream()
                .map(document -> document.requests().get(0))
                .map(request -> new Lambada1(request.context() + request.continuation()))
                .toList();
        assertSame(Lambada.ENTRY, 40, Lambada1.class, rows, "default", "test");
    }

    @Test
    void hellaSwagIsPreprocessedAsByTheHarness() throws IOException {
        List<TextRequest> first = shipped(HellaSwag.ENTRY, 1).get(0).requests();
        List<String> endings = first.stream()
                .map(request -> request.continuation().substring(1))
                .toList();
        HellaSwag1 row = new HellaSwag1(
                4,
                "Roof shingle removal",
                "A man is sitting on a roof.",
                "he",
                "A man is sitting on a roof. he",
                endings,
                "3");
        assertSame(HellaSwag.ENTRY, 1, HellaSwag1.class, List.of(row), "data", "validation");

        // What the harness's preprocess makes of these strings, checked by running it; the doubled space is its own.
        HellaSwag1 wikiHow = new HellaSwag1(
                5,
                "Home and Garden",
                " [header] How to clean  brick [title] Use water. [step] Pour it.",
                "THEN  wait",
                "unused",
                List.of("[substeps] Do  this [title] now.", "  that.  "),
                "0");
        write(HellaSwag1.class, List.of(wikiHow), "wikihow.parquet");
        assertThat(read(HellaSwag.ENTRY, folder.resolve("wikihow.parquet"), 1)
                        .get(0)
                        .requests())
                .containsExactly(
                        new TextRequest(
                                "Home and Garden:  How to clean brick. Use water. Pour it. Then wait",
                                "  Do this. now."),
                        new TextRequest(
                                "Home and Garden:  How to clean brick. Use water. Pour it. Then wait", " that."));
    }

    @Test
    void piqa() throws IOException {
        List<Piqa1> rows = shipped(Piqa.ENTRY, 40).stream()
                .map(document ->
                        new Piqa1(question(document), choice(document, 0), choice(document, 1), gold(document)))
                .toList();
        assertSame(Piqa.ENTRY, 40, Piqa1.class, rows, "plain_text", "validation");
    }

    @Test
    void arcWithLettersOrNumbersForLabels() throws IOException {
        for (TaskEntry entry : List.of(Arc.EASY, Arc.CHALLENGE)) {
            List<Arc1> rows = shipped(entry, 40).stream()
                    .map(document -> {
                        Keyed choices = keyed(document, gold(document) % 2 == 0 ? "ABCDE" : "12345");
                        return new Arc1("id", question(document), choices, key(document, choices));
                    })
                    .toList();
            assertSame(entry, 40, Arc1.class, rows, entry == Arc.EASY ? "ARC-Easy" : "ARC-Challenge", "test");
        }
    }

    @Test
    void openBookQa() throws IOException {
        List<OpenBook1> rows = shipped(OpenBookQa.ENTRY, 40).stream()
                .map(document -> {
                    Keyed choices = keyed(document, "ABCD");
                    return new OpenBook1(
                            "id", document.requests().get(0).context(), choices, " " + key(document, choices));
                })
                .toList();
        assertSame(OpenBookQa.ENTRY, 40, OpenBook1.class, rows, "main", "test");
    }

    @Test
    void winograndeIsSplitAtItsBlank() throws IOException {
        List<Winogrande1> rows = shipped(Winogrande.ENTRY, 40).stream()
                .map(HubLayoutsTest::sentence)
                .toList();
        assertSame(Winogrande.ENTRY, 40, Winogrande1.class, rows, "winogrande_xl", "validation");
    }

    @Test
    void wikiTextsRowsGiveItsFileBack() throws IOException {
        WikiCorpus shipped = WikiCorpus.read(WikiText.ENTRY.files(new DataPath(Goldens.DATA.toString())));
        List<Wiki1> rows = shipped.rows().stream().map(Wiki1::new).toList();
        write(Wiki1.class, rows.subList(0, 2000), "wikitext-2-raw-v1/test-00000-of-00002.parquet");
        write(Wiki1.class, rows.subList(2000, rows.size()), "wikitext-2-raw-v1/test-00001-of-00002.parquet");

        assertThat(WikiCorpus.read(WikiText.ENTRY.files(new DataPath(folder.toString())))
                        .text())
                .isEqualTo(shipped.text());
    }

    private static String question(TextDocument document) {
        String context = document.requests().get(0).context();
        return context.substring("Question: ".length(), context.length() - "\nAnswer:".length());
    }

    private static String choice(TextDocument document, int c) {
        return document.requests().get(c).continuation().substring(1);
    }

    private static int gold(TextDocument document) {
        return ((Judgement.MultipleChoice) document.judgement()).gold();
    }

    private static Keyed keyed(TextDocument document, String labels) {
        int choices = document.requests().size();
        return new Keyed(
                IntStream.range(0, choices).mapToObj(c -> choice(document, c)).toList(),
                labels.substring(0, choices)
                        .chars()
                        .mapToObj(Character::toString)
                        .toList());
    }

    private static String key(TextDocument document, Keyed choices) {
        return choices.label().get(gold(document));
    }

    /** The options are the last words of the contexts, from where these differ. */
    private static Winogrande1 sentence(TextDocument document) {
        String one = document.requests().get(0).context();
        String two = document.requests().get(1).context();
        int same = one.lastIndexOf(' ') + 1;
        while (!two.startsWith(one.substring(0, same))) {
            same--;
        }
        return new Winogrande1(
                one.substring(0, same) + "_ " + choice(document, 0) + " ",
                one.substring(same),
                two.substring(same),
                String.valueOf(gold(document) + 1));
    }

    private <T> void assertSame(TaskEntry entry, int count, Class<T> type, List<T> rows, String config, String split)
            throws IOException {
        Path hub = folder.resolve(entry.definition().name());
        String table = hub.resolve(config).resolve(split).toString();
        int half = count / 2;
        write(type, rows.subList(0, half), table + "-00000-of-00002.parquet");
        write(type, rows.subList(half, count), table + "-00001-of-00002.parquet");
        assertSame(entry, count, hub);

        StringBuilder lines = new StringBuilder();
        for (T row : rows) {
            lines.append(JsonMapper.builder().build().writeValueAsString(row)).append('\n');
        }
        assertSame(entry, count, Files.writeString(hub.resolve(split + ".jsonl"), lines));
    }

    private static void assertSame(TaskEntry entry, int count, Path data) {
        List<TextDocument> shipped = shipped(entry, count);
        List<TextDocument> read = read(entry, data, count + 1);
        assertThat(read).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(read.get(i).requests()).isEqualTo(shipped.get(i).requests());
            assertThat(read.get(i).judgement()).isEqualTo(shipped.get(i).judgement());
        }
    }

    private static List<TextDocument> shipped(TaskEntry entry, int count) {
        return read(entry, Goldens.DATA, count);
    }

    private static List<TextDocument> read(TaskEntry entry, Path data, int count) {
        RequestEntry requests = (RequestEntry) entry;
        try (DocumentReader reader = requests.reader().apply(entry.files(new DataPath(data.toString())))) {
            return Stream.<@Nullable TextDocument>generate(reader::next)
                    .limit(count)
                    .flatMap(Stream::ofNullable)
                    .toList();
        }
    }

    private <T> void write(Class<T> type, List<T> rows, String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file);
                CarpetWriter<T> writer = new CarpetWriter<>(out, type)) {
            writer.write(rows);
        }
    }
}
