package dev.coppice.worker.task.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.task.DataException;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows of calibration files, and files that are too short for them. */
class CalibrationDataTest {

    private static final Tokenizer TOKENIZER = Tokenizer.read(Path.of("../data/checkpoints/mamba2-tiny"));

    @TempDir
    private Path folder;

    private CalibrationData file(String name, String content) throws IOException {
        return CalibrationData.at(
                Files.writeString(folder.resolve(name), content).toString());
    }

    /** random.seed(0); [random.randint(0, 999) for _ in range(12)] and the like, in Python 3.11. */
    @Test
    void drawsArePythons() {
        assertThat(draws(0, 1000, 12)).containsExactly(864, 394, 776, 911, 430, 41, 265, 988, 523, 497, 414, 940);
        assertThat(draws(0, (1 << 20) + 1, 6)).containsExactly(807917, 882002, 84901, 542987, 1019064, 849208);
        assertThat(draws(12345678901L, 100000, 6)).containsExactly(78195, 42991, 50304, 46419, 70600, 92493);
        assertThat(Arrays.copyOfRange(draws(5, 100, 2001), 1999, 2001)).containsExactly(54, 7);
    }

    private static int[] draws(long seed, int bound, int count) {
        MersenneTwister random = new MersenneTwister(seed);
        int[] draws = new int[count];
        for (int i = 0; i < count; i++) {
            draws[i] = random.below(bound);
        }
        return draws;
    }

    /** As WANDA's script: rows joined, tokenised as one, i = random.randint(0, tokens - length - 1). */
    @Test
    void windowsOfAJoinedTextStartWherePythonDraws() throws IOException {
        CalibrationData data = file("wiki.raw", "one two three\n \nfour five six seven eight nine ten\n");
        CalibrationSettings settings = new CalibrationSettings(3, 4, 7, Joining.SPACES);
        int[] tokens = TOKENIZER.encode("one two three\n  four five six seven eight nine ten\n");
        MersenneTwister random = new MersenneTwister(7);

        List<int[]> windows = data.windows(settings, TOKENIZER);

        assertThat(windows).hasSize(3);
        for (int[] window : windows) {
            int start = random.below(tokens.length - 4);
            assertThat(window).containsExactly(Arrays.copyOfRange(tokens, start, start + 4));
        }
    }

    /** As WANDA's script draws from C4: rows until one is longer than a window, then a window of it. */
    @Test
    void windowsOfDocumentsLieInLongRows() throws IOException {
        String text = "a long row of many words that goes on and on";
        CalibrationData data = file("c4.jsonl", "{\"text\": \"short\"}\n{\"text\": \"" + text + "\"}\n");
        CalibrationSettings settings = new CalibrationSettings(2, 5, 0, Joining.DOCUMENTS);
        int[] tokens = TOKENIZER.encode(text);
        MersenneTwister random = new MersenneTwister(0);

        for (int[] window : data.windows(settings, TOKENIZER)) {
            while (random.below(2) == 0) {
                assertThat(TOKENIZER.encode("short")).hasSizeLessThanOrEqualTo(5);
            }
            int start = random.below(tokens.length - 5);
            assertThat(window).containsExactly(Arrays.copyOfRange(tokens, start, start + 5));
        }
        assertThatThrownBy(() -> data.windows(new CalibrationSettings(1, 500, 0, Joining.DOCUMENTS), TOKENIZER))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none of its 2 rows has more than 500 tokens");
    }

    @Test
    void tokenIdsAreTakenAsTheyStand() throws IOException {
        CalibrationData data = file("calibration.ids", "1 2 3\n4 5\n6 7 8 9\n");
        assertThat(data.windows(new CalibrationSettings(2, 3, 0, Joining.SPACES), TOKENIZER))
                .containsExactly(new int[] {1, 2, 3}, new int[] {6, 7, 8});
        assertThat(data.extent(new CalibrationSettings(3, 3, 0, Joining.SPACES)).shortage())
                .endsWith("holds 2 sequences of at least 3 token ids, and 3 are asked for; lower samples or length");
        CalibrationData wrong = file("wrong.ids", "1 2\n3 x\n");
        assertThatThrownBy(() -> wrong.extent(CalibrationSettings.PAPER))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("wrong.ids:2: found \"x\"");
    }

    @Test
    void shortTextsAreNoticed() throws IOException {
        CalibrationData data = file("short.txt", "a few words\n");
        assertThat(data.extent(CalibrationSettings.PAPER).shortage()).contains("too few for windows of 128");
        assertThat(data.extent(new CalibrationSettings(1, 4, 0, Joining.SPACES)))
                .isEqualTo(new CalibrationData.Extent(null, false));
        assertThatThrownBy(() -> data.windows(new CalibrationSettings(1, 12, 0, Joining.SPACES), TOKENIZER))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("tokens, too few for windows of 12");
        assertThatThrownBy(() -> CalibrationData.at(folder.resolve("gone").toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("there is no such file");
    }

    /** Bytes that may be enough are counted in tokens: what is too short for them is what windows can't be drawn from. */
    @Test
    void textsWhoseSizeDoesNotTellAreEncoded() throws IOException {
        CalibrationData data = file("some.txt", "a few words more\nand one\n");
        for (Joining joining : Joining.values()) {
            int enough = 0;
            for (int length = 1; length < 17; length++) {
                CalibrationSettings settings = new CalibrationSettings(2, length, 0, joining);
                String shortage = data.shortage(settings, TOKENIZER);
                if (shortage == null) {
                    assertThat(data.windows(settings, TOKENIZER)).hasSize(2);
                    enough++;
                } else {
                    assertThatThrownBy(() -> data.windows(settings, TOKENIZER))
                            .isInstanceOf(DataException.class)
                            .hasMessage(shortage);
                    assertThat(data.extent(settings).shortage()).isNull();
                }
            }
            assertThat(enough).isBetween(1, 14);
        }
        assertThat(file("long.txt", "word ".repeat(64)).extent(new CalibrationSettings(1, 5, 0, Joining.SPACES)))
                .isEqualTo(new CalibrationData.Extent(null, true));
    }
}
