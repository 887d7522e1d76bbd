package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Samples;
import dev.coppice.worker.task.ExampleReader;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.task.data.LineReader;
import dev.coppice.worker.task.data.ListedFile;
import dev.coppice.worker.task.data.Wav;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Speech Commands (Warden 2018), all 35 words, as raw sound of a second. */
public final class SpeechCommands implements ExampleSource {

    private static final int SAMPLES_PER_SECOND = 16_000;
    private static final int FULL_RATE = 1;
    private static final int HALF_RATE = 2;
    private static final String TEST_LIST = "testing_list.txt";
    private static final String FILES =
            TEST_LIST + " and the WORD/*.wav that it names; in the folder, SpeechCommands or speech_commands_v0.02";

    /** In the loaders' order: a word's place is its class. */
    static final List<String> WORDS = List.of(
            "bed",
            "cat",
            "down",
            "five",
            "forward",
            "go",
            "house",
            "left",
            "marvin",
            "no",
            "on",
            "right",
            "sheila",
            "tree",
            "up",
            "visual",
            "yes",
            "backward",
            "bird",
            "dog",
            "eight",
            "follow",
            "four",
            "happy",
            "learn",
            "nine",
            "off",
            "one",
            "seven",
            "six",
            "stop",
            "three",
            "two",
            "wow",
            "zero");

    /** 16,000 samples. */
    public static final TaskDefinition DEFINITION = definition("speech35", FULL_RATE, "");

    /** Every second sample: the rate that models were not trained at. */
    public static final TaskDefinition AT_HALF_RATE = definition("speech35_half", HALF_RATE, ", every second sample");

    private final int stride;
    private final DataFile list;
    private final List<DataFile> sounds;

    private SpeechCommands(int stride, DataFile list, List<DataFile> sounds) {
        this.stride = stride;
        this.list = list;
        this.sounds = List.copyOf(sounds);
    }

    /** The test sounds at {@code path}. */
    public static ExampleSource find(DataPath path) {
        return find(FULL_RATE, path);
    }

    /** The test sounds at {@code path}, of half as many samples. */
    public static ExampleSource findAtHalfRate(DataPath path) {
        return find(HALF_RATE, path);
    }

    @Override
    public InputSpec inputs() {
        return inputs(stride);
    }

    @Override
    public List<DataFile> files() {
        List<DataFile> files = new ArrayList<>(sounds);
        files.add(0, list);
        return files;
    }

    @Override
    public int count() {
        return sounds.size();
    }

    @Override
    public ExampleReader open() {
        return new Reader(stride, sounds);
    }

    private static ExampleSource find(int stride, DataPath path) {
        for (DataPath at : List.of(
                path,
                path.child("speech_commands_v0.02"),
                path.child("SpeechCommands"),
                path.child("SpeechCommands").child("speech_commands_v0.02"))) {
            if (at.child(TEST_LIST).file().isPresent()) {
                DataFile list = at.child(TEST_LIST).file().get();
                return new SpeechCommands(stride, list, ListedFile.under(at, listed(list)));
            }
        }
        throw DataErrors.at(
                path.path(), "no " + TEST_LIST, FILES, "name the folder that version 0.02 of the data was unpacked to");
    }

    /** By file, then by word: the names begin with the speaker, so that a limit sees many words. */
    private static List<ListedFile> listed(DataFile list) {
        List<ListedFile> listed = new ArrayList<>();
        try (LineReader lines = new LineReader(list)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                int slash = line.indexOf('/');
                if (slash < 0 || !WORDS.contains(line.substring(0, slash))) {
                    throw DataErrors.at(
                            lines.place(),
                            DataErrors.quoted(line),
                            "one of the " + WORDS.size() + " words of version 0.02, a slash and a file",
                            "fetch the data again");
                }
                listed.add(new ListedFile(
                        line.substring(0, slash), line.substring(slash + 1).strip(), lines.place()));
            }
        }
        if (listed.isEmpty()) {
            throw DataErrors.at(list.path(), "no lines", "word/file.wav in each", "fetch the data again");
        }
        listed.sort(Comparator.comparing(ListedFile::name).thenComparing(ListedFile::folder));
        return listed;
    }

    private static TaskDefinition definition(String name, int stride, String addition) {
        return new TaskDefinition(
                name,
                "1",
                "accuracy",
                "test",
                inputs(stride),
                "Speech Commands 0.02 as unpacked: a folder of WAV files a word; filled with zeros or cut to a second"
                        + addition,
                FILES);
    }

    private static InputSpec inputs(int stride) {
        return new InputSpec(InputKind.SAMPLES, SAMPLES_PER_SECOND / stride, 1, false, false, WORDS.size());
    }

    private static final class Reader implements ExampleReader {

        private final int stride;
        private final List<DataFile> sounds;
        private int index;

        Reader(int stride, List<DataFile> sounds) {
            this.stride = stride;
            this.sounds = sounds;
        }

        @Override
        public @Nullable LabelledExample next() {
            if (index == sounds.size()) {
                return null;
            }
            DataFile file = sounds.get(index);
            short[] second = Arrays.copyOf(Wav.read(file, SAMPLES_PER_SECOND), SAMPLES_PER_SECOND);
            short[] samples = new short[SAMPLES_PER_SECOND / stride];
            for (int t = 0; t < samples.length; t++) {
                samples[t] = second[stride * t];
            }
            String folder = file.folder().path();
            int word = WORDS.indexOf(folder.substring(folder.lastIndexOf('/') + 1));
            return new LabelledExample(index++, new Samples(samples), word);
        }

        /** Each sound's file is closed as soon as it is read. */
        @Override
        public void close() {
            index = sounds.size();
        }
    }
}
