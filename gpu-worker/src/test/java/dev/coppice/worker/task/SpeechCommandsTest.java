package dev.coppice.worker.task;

import static dev.coppice.worker.task.DataFixtures.examples;
import static dev.coppice.worker.task.DataFixtures.first;
import static dev.coppice.worker.task.DataFixtures.open;
import static dev.coppice.worker.task.DataFixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Samples;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeechCommandsTest {

    private static final int RATE = 16_000;
    private static final AudioFormat FORMAT = new AudioFormat(RATE, 16, 1, true, false);

    @TempDir
    private Path folder;

    /** Sound of a seed. */
    private static short[] sound(int seed, int length) {
        short[] samples = new short[length];
        Random random = new Random(seed);
        for (int t = 0; t < length; t++) {
            samples[t] = (short) random.nextInt(1 << 16);
        }
        return samples;
    }

    /** A WAV file as Java's own library writes it. */
    private static byte[] wav(short[] samples, AudioFormat format) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(samples);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        long frames = bytes.capacity() / format.getFrameSize();
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(bytes.array()), format, frames),
                AudioFileFormat.Type.WAVE,
                file);
        return file.toByteArray();
    }

    /** Three sounds of the test split, one of another. */
    private Path release() throws IOException {
        write(folder.resolve("zero"), "a_nohash_0.wav", wav(sound(1, RATE), FORMAT));
        write(folder.resolve("bed"), "b_nohash_0.wav", wav(sound(2, RATE - 7), FORMAT));
        write(folder.resolve("wow"), "a_nohash_1.wav", wav(sound(3, RATE + 5), FORMAT));
        write(folder.resolve("bed"), "c_nohash_0.wav", wav(sound(4, RATE), FORMAT));
        write(folder, "validation_list.txt", "bed/c_nohash_0.wav\n");
        write(folder, "testing_list.txt", "bed/b_nohash_0.wav\nwow/a_nohash_1.wav\nzero/a_nohash_0.wav\n");
        return folder;
    }

    @Test
    void theTestListIsReadCutOrFilledToASecond() throws IOException {
        release();

        List<LabelledExample> read = examples("speech35", folder);

        assertThat(read.stream().map(LabelledExample::label)).containsExactly(34, 33, 0);
        assertThat(samples(read.get(0))).isEqualTo(sound(1, RATE));
        assertThat(samples(read.get(1))).isEqualTo(Arrays.copyOf(sound(3, RATE + 5), RATE));
        assertThat(samples(read.get(2))).isEqualTo(Arrays.copyOf(sound(2, RATE - 7), RATE));
        assertThat(open("speech35", folder).size()).isEqualTo(3);
        assertThat(open("speech35", folder).inputs())
                .isEqualTo(new InputSpec(InputKind.SAMPLES, RATE, 1, false, false, 35));
        assertThat(first(1, "speech35", folder)).hasSize(1);
    }

    @Test
    void halfTheRateIsEverySecondSample() throws IOException {
        release();

        List<LabelledExample> full = examples("speech35", folder);
        List<LabelledExample> half = examples("speech35_half", folder);

        assertThat(open("speech35_half", folder).inputs().steps()).isEqualTo(8000);
        for (int i = 0; i < 3; i++) {
            short[] second = samples(full.get(i));
            short[] every = samples(half.get(i));
            assertThat(every).hasSize(8000);
            for (int t = 0; t < every.length; t++) {
                assertThat(every[t]).isEqualTo(second[2 * t]);
            }
            assertThat(half.get(i).label()).isEqualTo(full.get(i).label());
        }
    }

    @Test
    void foldersAboveAndRemoteOnesAreFound() throws IOException {
        Path inner = folder.resolve("SpeechCommands/speech_commands_v0.02");
        write(inner.resolve("yes"), "a.wav", wav(sound(1, RATE), FORMAT));
        write(inner, "testing_list.txt", "yes/a.wav\n");

        assertThat(examples("speech35", folder)).hasSize(1);
        assertThat(examples("speech35", folder.resolve("SpeechCommands"))).hasSize(1);
        try (Stream<LabelledExample> examples = Tasks.classification(
                        "speech35", "remote:" + inner, Collections.emptySortedMap())
                .examples()) {
            assertThat(examples.map(LabelledExample::label)).containsExactly(16);
        }
    }

    /** The list and the sounds of the test split are the data's identity, the other sounds are not. */
    @Test
    void theHashIsOfTheTestSplit() throws IOException {
        release();
        String hash = Tasks.dataSha256("speech35", folder.toString());

        write(folder.resolve("bed"), "c_nohash_0.wav", wav(sound(9, RATE), FORMAT));
        assertThat(Tasks.dataSha256("speech35", folder.toString())).isEqualTo(hash);
        write(folder.resolve("bed"), "b_nohash_0.wav", wav(sound(9, RATE), FORMAT));
        assertThat(Tasks.dataSha256("speech35", folder.toString())).isNotEqualTo(hash);
    }

    @Test
    void listsMustNameWordsAndSounds() throws IOException {
        release();
        write(folder, "testing_list.txt", "bed/b_nohash_0.wav\nbath/x.wav\n");
        assertRefused("testing_list.txt:2: found \"bath/x.wav\", expected one of the 35 words");
        write(folder, "testing_list.txt", "bed/none.wav\n");
        assertRefused("testing_list.txt:1: found no file " + folder.resolve("bed/none.wav"));
        write(folder, "testing_list.txt", "bed/../wow/a.wav\n");
        assertRefused("testing_list.txt:1: found \"bed/../wow/a.wav\", expected a folder of the data and a file");
        write(folder, "testing_list.txt", "");
        assertRefused("testing_list.txt: found no lines");
        Files.delete(folder.resolve("testing_list.txt"));
        assertRefused("found no testing_list.txt");
    }

    @Test
    void soundsMustBePcmOfTheRate() throws IOException {
        release();
        byte[] good = wav(sound(1, RATE), FORMAT);

        assertSoundRefused("", "found no RIFF head of kind WAVE, expected a WAV file");
        assertSoundRefused(
                wav(sound(1, RATE), new AudioFormat(8000, 16, 1, true, false)),
                "found encoding 1 of 16 bits, channels 1, 8000 samples a second, expected PCM of 16 bits, one channel, 16000");
        assertSoundRefused(wav(sound(1, RATE), new AudioFormat(RATE, 16, 2, true, false)), "channels 2");
        assertSoundRefused(wav(sound(1, RATE), new AudioFormat(RATE, 8, 1, false, false)), "of 8 bits");
        assertSoundRefused(Arrays.copyOf(good, good.length - 3), "bytes of a chunk of 32000, expected the whole chunk");
        assertSoundRefused(Arrays.copyOf(good, 36), "found no chunk of samples");
        byte[] headless = good.clone();
        headless[12] = 'x';
        assertSoundRefused(headless, "found samples before their format");
    }

    /** Chunks of other programs' notes come before and between, an odd one with a byte to fill. */
    @Test
    void otherChunksArePassedOver() throws IOException {
        release();
        byte[] good = wav(sound(1, RATE), FORMAT);
        ByteArrayOutputStream noted = new ByteArrayOutputStream();
        noted.write(good, 0, 36); // the head and the format
        noted.writeBytes("note".getBytes(StandardCharsets.US_ASCII));
        noted.writeBytes(new byte[] {3, 0, 0, 0, 'a', 'b', 'c', 0});
        noted.write(good, 36, good.length - 36);
        write(folder.resolve("zero"), "a_nohash_0.wav", noted.toByteArray());

        assertThat(samples(examples("speech35", folder).get(0))).isEqualTo(sound(1, RATE));
    }

    private static short[] samples(LabelledExample example) {
        return ((Samples) example.input()).values();
    }

    private void assertSoundRefused(String content, String message) throws IOException {
        assertSoundRefused(content.getBytes(StandardCharsets.US_ASCII), message);
    }

    private void assertSoundRefused(byte[] content, String message) throws IOException {
        write(folder.resolve("zero"), "a_nohash_0.wav", content);
        assertRefused("a_nohash_0.wav: ", message);
    }

    private void assertRefused(String... messages) {
        assertThatThrownBy(() -> examples("speech35", folder))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(messages);
    }
}
