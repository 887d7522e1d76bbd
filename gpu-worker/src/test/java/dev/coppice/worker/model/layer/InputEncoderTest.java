package dev.coppice.worker.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.worker.input.DocumentPair;
import dev.coppice.worker.input.Input;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Pixels;
import dev.coppice.worker.input.Samples;
import dev.coppice.worker.input.Symbols;
import dev.coppice.worker.input.Text;
import dev.coppice.worker.input.TokenIds;
import dev.coppice.worker.model.InputException;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.weights.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputEncoderTest {

    private static final String TOKENS =
            "{'input_kind': 'tokens_embedding', 'd_input': 8, 'seq_len': 5, 'padded': true, ";
    private static final String WORDS = TOKENS + "'vocab': ['<pad>', '<unk>', '<eos>', '[MAX', '1', '2', 'X']}";
    private static final String LETTERS = TOKENS + "'vocab': ['<pad>', '<eos>', 'a', '<', 'é']}";
    private static final String PICTURES =
            "{'input_kind': 'continuous', 'd_input': 1, 'seq_len': 4, 'input_normalisation': {'scale': 255, 'mean': 0.5, "
                    + "'std': 0.25}";
    private static final Pixels PICTURE = new Pixels(2, 2, 1, new byte[] {0, (byte) 255, 51, 102});

    @TempDir
    private Path folder;

    private InputEncoder encoder(String json) throws IOException {
        return InputEncoder.read(folder, new ConfigKeys(folder, new ObjectMapper().readTree(json.replace('\'', '"'))));
    }

    private static InputSpec spec(InputKind kind, boolean permuted) {
        return new InputSpec(
                kind, kind == InputKind.PIXELS ? 4 : 0, kind == InputKind.PIXELS ? 1 : 0, permuted, false, 10);
    }

    @Test
    void numbersSymbolsAndClosesThem() throws IOException {
        SequenceBatch batch = encoder(WORDS)
                .encode(List.of(
                        new Symbols(List.of("[MAX", "1", "X")),
                        new Symbols(List.of("?")),
                        new Symbols(List.of("1", "1", "1", "1", "2", "2"))));

        assertThat(batch.tokens()).containsExactly(3, 4, 6, 2, 0, 1, 2, 0, 0, 0, 4, 4, 4, 4, 2);
        assertThat(batch.lengths()).containsExactly(4, 2, 5);
    }

    @Test
    void numbersCharactersOfTexts() throws IOException {
        SequenceBatch batch = encoder(LETTERS).encode(List.of(new Text("a<é")));

        assertThat(batch.tokens()).containsExactly(2, 3, 4, 1, 0);
        assertThatThrownBy(() -> encoder(LETTERS).encode(List.of(new Text("b"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"b\" is not in the model's vocabulary");
    }

    @Test
    void takesNumberedTokensAsTheyAre() throws IOException {
        InputEncoder encoder = encoder(WORDS);

        assertThat(encoder.encode(List.of(new TokenIds(new int[] {7, 0, 3}))).tokens())
                .containsExactly(7, 0, 3, 0, 0);
        assertThatThrownBy(() -> encoder.encode(List.of(new TokenIds(new int[] {1, 8}))))
                .hasMessage("token 1 has the id 8; the model knows 0 to 7");
        assertThatThrownBy(() -> encoder.encode(List.of(new TokenIds(new int[6]))))
                .hasMessage("6 tokens; the model takes up to 5");
        assertThatThrownBy(() -> encoder.encode(List.of(new TokenIds(new int[0]))))
                .hasMessage("a sequence without tokens");
    }

    @Test
    void withoutPaddingEveryStepIsValid() throws IOException {
        Input input = new TokenIds(new int[] {1});

        assertThat(encoder(WORDS.replace("true", "false"))
                        .encode(List.of(input))
                        .lengths())
                .containsExactly(5);
    }

    @Test
    void pairsBecomeFirstDocumentsThenSecondOnes() throws IOException {
        Input one = new TokenIds(new int[] {1});
        Input two = new TokenIds(new int[] {2});
        Input three = new TokenIds(new int[] {3});
        Input four = new TokenIds(new int[] {4});

        SequenceBatch batch = encoder(WORDS).encode(List.of(new DocumentPair(one, two), new DocumentPair(three, four)));

        assertThat(batch.tokens()).containsExactly(1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 2, 0, 0, 0, 0, 4, 0, 0, 0, 0);
    }

    @Test
    void normalisesAndPermutesPixels() throws IOException {
        Files.writeString(folder.resolve("order.txt"), "3 0\n1 2\n");

        assertThat(encoder(PICTURES + "}").encode(List.of(PICTURE)).values()).containsExactly(-2f, 2f, -1.2f, -0.4f);
        assertThat(encoder(PICTURES + ", 'permutation': 'order.txt'}")
                        .encode(List.of(PICTURE))
                        .values())
                .containsExactly(-0.4f, -2f, 2f, -1.2f);
        assertThatThrownBy(() -> encoder(PICTURES + "}").encode(List.of(new Pixels(1, 4, 3, new byte[12]))))
                .hasMessage("a picture of 1 x 4 pixels with 3 channels; the model takes 4 pixels with 1");
    }

    /** The colours of S4's and S5's CIFAR-10. */
    @Test
    void normalisesEachChannelByItself() throws IOException {
        String colours =
                "{'input_kind': 'continuous', 'd_input': 3, 'seq_len': 2, 'input_normalisation': {'scale': 255, "
                        + "'mean': [0.4914, 0.4822, 0.4465], 'std': [0.247, 0.243, 0.261]}}";
        byte[] values = {0, 100, (byte) 255, 7, (byte) 200, 1}; // (1, 2, 3)

        SequenceBatch batch = encoder(colours).encode(List.of(new Pixels(2, 1, 3, values)));

        double[] mean = {0.4914, 0.4822, 0.4465};
        double[] std = {0.247, 0.243, 0.261};
        float[] expected = new float[6];
        for (int i = 0; i < values.length; i++) {
            expected[i] = (float) (((values[i] & 0xff) / 255.0 - mean[i % 3]) / std[i % 3]);
        }
        assertThat(batch.values()).containsExactly(expected);
    }

    @Test
    void refusesNormalisationsThatAreNone() {
        for (String wrong : List.of(
                "{'scale': 0, 'mean': 0, 'std': 1}",
                "{'scale': 255, 'mean': 0, 'std': -1}",
                "{'scale': 255, 'mean': [0, 0], 'std': 1}",
                "{'scale': 255, 'mean': {'red': 0}, 'std': 1}",
                "{'scale': 255, 'mean': 'none', 'std': 1}",
                "{'scale': 255, 'std': 1}",
                "255")) {
            assertThatThrownBy(() -> encoder("{'input_kind': 'continuous', 'd_input': 1, 'seq_len': 4, "
                            + "'input_normalisation': " + wrong + "}"))
                    .as(wrong)
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("config.json: \"input_normalisation\" is ")
                    .hasMessageContaining("mean and std are a number, or a list of 1, one for each channel");
        }
    }

    @Test
    void refusesPermutationsThatAreNone() throws IOException {
        Files.writeString(folder.resolve("order.txt"), "3 0 1 1");

        assertThatThrownBy(() -> encoder(PICTURES + ", 'permutation': 'order.txt'}"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("order.txt: expected every number from 0 to 3 once");
        assertThatThrownBy(() -> encoder(PICTURES + ", 'permutation': 'none.txt'}"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("none.txt: there is no such file, and config.json names it");
    }

    @Test
    void readsNoPermutationFromElsewhereNorABoundlessOne() throws IOException {
        Files.writeString(folder.resolve("long.txt"), "0 1 2 3" + " ".repeat(42));

        for (String elsewhere : List.of("../order.txt", "/etc/hostname", "sub/order.txt", "..")) {
            assertThatThrownBy(() -> encoder(PICTURES + ", 'permutation': '" + elsewhere + "'}"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(
                            "config.json: \"" + elsewhere + "\" is not the name of a file in this folder");
        }
        assertThatThrownBy(() -> encoder(PICTURES + ", 'permutation': 'long.txt'}"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("long.txt: has more than 48 bytes");
    }

    @Test
    void saysWhichTasksDoNotFit() throws IOException {
        assertThat(encoder(WORDS).refusal(spec(InputKind.SYMBOLS, false))).isNull();
        assertThat(encoder(WORDS).refusal(spec(InputKind.TEXT, false))).contains("of words");
        assertThat(encoder(LETTERS).refusal(spec(InputKind.TEXT, false))).isNull();
        assertThat(encoder(LETTERS).refusal(spec(InputKind.SYMBOLS, false))).contains("of characters");
        assertThat(encoder(WORDS).refusal(spec(InputKind.PIXELS, false))).contains("takes tokens");
        assertThat(encoder(PICTURES + "}").refusal(spec(InputKind.PIXELS, false)))
                .isNull();
        assertThat(encoder(PICTURES + "}").refusal(spec(InputKind.PIXELS, true)))
                .contains("no permutation");
        assertThat(encoder(PICTURES + "}").refusal(spec(InputKind.TEXT, false))).contains("takes pixels");
        assertThat(encoder(PICTURES + "}").refusal(new InputSpec(InputKind.PIXELS, 9, 3, false, false, 10)))
                .isEqualTo("the model takes 4 pixels of 1 channels, the task has 9 of 3");
    }

    private static final String SOUND =
            "{'input_kind': 'continuous', 'input_values': 'samples', 'd_input': 1, 'seq_len': 2, "
                    + "'input_normalisation': {'scale': 1073741824, 'mean': 0, 'std': 1}";

    private static final Samples SECOND = new Samples(new short[] {-32768, 1000});

    /** Each step by itself, as the loaders of S4 and S5 do it; at half the rate by every second step's numbers. */
    @Test
    void normalisesEachStepOfASound() throws IOException {
        Files.writeString(folder.resolve("steps.txt"), "1e-6 2e-5\n-3e-7 1.1E-5\n5e-7 1e-5\n0 1e-5\n");
        double scale = 1 << 30;

        assertThat(encoder(SOUND + "}").encode(List.of(SECOND)).values())
                .containsExactly((float) (-32768 / scale), (float) (1000 / scale));
        assertThat(encoder(SOUND + ", 'input_statistics': 'steps.txt'}")
                        .encode(List.of(SECOND))
                        .values())
                .containsExactly((float) ((-32768 / scale - 1e-6) / 2e-5), (float) ((1000 / scale - 5e-7) / 1e-5));
    }

    @Test
    void refusesStatisticsThatAreNone() throws IOException {
        for (String wrong : List.of("0 1\n0 0", "0 1\n0 -1", "0 1\n0", "0 1\n0 1 2", "0 1\nx 1", "0 1\n0 Infinity")) {
            Files.writeString(folder.resolve("steps.txt"), wrong);
            assertThatThrownBy(() -> encoder(SOUND + ", 'input_statistics': 'steps.txt'}"))
                    .as(wrong)
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("steps.txt:2: expected the step's mean and what is divided by (above 0)");
        }
        for (String wrong : List.of("", "0 1\n0 1\n0 1")) {
            Files.writeString(folder.resolve("steps.txt"), wrong);
            assertThatThrownBy(() -> encoder(SOUND + ", 'input_statistics': 'steps.txt'}"))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("expected 2, one for each step, or a multiple of that");
        }
    }

    @Test
    void modelsOfSoundTakeSoundOfTheirLength() throws IOException {
        InputSpec sound = new InputSpec(InputKind.SAMPLES, 2, 1, false, false, 35);

        assertThat(encoder(SOUND + "}").refusal(sound)).isNull();
        assertThat(encoder(SOUND + "}").refusal(new InputSpec(InputKind.SAMPLES, 4, 1, false, false, 35)))
                .isEqualTo("the model takes 2 samples, the task has 4: a model is fed another rate with seq_len and "
                        + "step_rescale of its own");
        assertThat(encoder(SOUND + "}").refusal(spec(InputKind.PIXELS, false))).isEqualTo("the model takes sound");
        assertThat(encoder(PICTURES + "}").refusal(sound)).isEqualTo("the model takes pixels");
        assertThat(encoder(WORDS).refusal(sound)).isEqualTo("the model takes tokens, the task has sound");
        assertThatThrownBy(() -> encoder(SOUND + "}").encode(List.of(PICTURE)))
                .isInstanceOf(InputException.class)
                .hasMessage("the model takes sound, not pixels");
        assertThatThrownBy(() -> encoder(SOUND + "}").encode(List.of(new Samples(new short[3]))))
                .hasMessage("3 samples; the model takes 2");
        assertThatThrownBy(() -> encoder(SOUND.replace("'d_input': 1", "'d_input': 2") + "}"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("d_input");
    }
}
