package dev.coppice.worker.task.calibration;

import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataHash;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A calibration file: text with a row a line, a table (.parquet, .jsonl or .json) with the column text, or token ids (.ids) with a
 * sequence a line; all may be packed. Its rows are read when they are asked for.
 *
 * @param file where it lies
 */
public record CalibrationData(DataFile file) {

    /** A text of so many bytes for each token of a window is long enough, whatever the tokenizer. */
    private static final int PLENTY = 64;

    /** Draws without a text that is long enough, for each row there is, before one gives up. */
    private static final int TRIES_PER_ROW = 20;

    /**
     * The file at {@code path}.
     *
     * @throws DataException when there is none
     */
    public static CalibrationData at(String path) {
        return new CalibrationData(new DataPath(path)
                .file()
                .orElseThrow(() -> new DataException(path + ": there is no such file; check data of the calibration"
                        + " (relative paths start at the config file)")));
    }

    /** SHA-256 of its unpacked content. */
    public String sha256() {
        return DataHash.of(List.of(file));
    }

    private boolean ids() {
        return file.plainName().endsWith(".ids");
    }

    /**
     * How long a file is beside its windows.
     *
     * @param shortage why it is too short; null where it may do
     * @param certain whether that holds whatever the tokenizer
     */
    public record Extent(@Nullable String shortage, boolean certain) {}

    /** Whether the file is too small for the windows, as far as its size tells: a token takes one byte at least. */
    public Extent extent(CalibrationSettings settings) {
        if (ids()) {
            return new Extent(shortage(CalibrationRows.ids(file), settings), true);
        }
        long most = 0;
        long all = 0;
        for (String row : CalibrationRows.texts(file)) {
            int bytes = row.getBytes(StandardCharsets.UTF_8).length;
            most = Math.max(most, bytes);
            all += bytes + 2; // what may join it to the next
        }
        long enough = settings.joining() == Joining.DOCUMENTS ? most : all;
        if (enough > settings.length()) {
            return new Extent(null, enough >= (long) PLENTY * settings.length());
        }
        return new Extent(
                file.path() + ": holds at most " + enough + " tokens "
                        + (settings.joining() == Joining.DOCUMENTS ? "in a row" : "in all")
                        + ", too few for windows of " + settings.length() + "; give longer texts or a smaller length",
                true);
    }

    /** Why the file has too few tokens for the windows; null when it has enough. Its longest texts are encoded until one is long enough. */
    public @Nullable String shortage(CalibrationSettings settings, Tokenizer tokenizer) {
        List<String> longestFirst = new ArrayList<>(texts(settings));
        longestFirst.sort(Comparator.comparingInt(String::length).reversed());
        int most = 0;
        for (String text : longestFirst) {
            most = Math.max(most, tokenizer.encodeWithSpecialTokens(text).length);
            if (most > settings.length()) {
                return null;
            }
        }
        return tooFew(longestFirst.size(), most, settings);
    }

    private @Nullable String shortage(List<int[]> sequences, CalibrationSettings settings) {
        long enough = sequences.stream()
                .filter(sequence -> sequence.length >= settings.length())
                .count();
        return enough >= settings.samples()
                ? null
                : file.path() + ": holds " + enough + " sequences of at least " + settings.length() + " token ids, and "
                        + settings.samples() + " are asked for; lower samples or length";
    }

    /**
     * The windows: of token ids the first ones that are long enough, cut to the length; of text, drawn by chance with the settings'
     * seed, in the way of the published scripts (Python's generator, randint over all starts).
     *
     * @param tokenizer of the model
     * @return (samples)(length)
     * @throws DataException when the file has too few tokens, or cannot be read
     */
    public List<int[]> windows(CalibrationSettings settings, Tokenizer tokenizer) {
        if (ids()) {
            List<int[]> sequences = CalibrationRows.ids(file);
            String shortage = shortage(sequences, settings);
            if (shortage != null) {
                throw new DataException(shortage);
            }
            return sequences.stream()
                    .filter(sequence -> sequence.length >= settings.length())
                    .limit(settings.samples())
                    .map(sequence -> window(sequence, 0, settings.length()))
                    .toList();
        }
        List<String> texts = texts(settings);
        return settings.joining() == Joining.DOCUMENTS
                ? fromDocuments(texts, settings, tokenizer)
                : fromWhole(texts.get(0), settings, tokenizer);
    }

    /** What windows are drawn from: the rows, or one text of them all. */
    private List<String> texts(CalibrationSettings settings) {
        List<String> rows = CalibrationRows.texts(file);
        return switch (settings.joining()) {
            case SPACES -> List.of(String.join(" ", rows));
            case BLANK_LINES -> List.of(String.join("\n\n", rows));
            case DOCUMENTS -> rows;
        };
    }

    private String tooFew(int texts, int tokens, CalibrationSettings settings) {
        return file.path() + ": "
                + (settings.joining() == Joining.DOCUMENTS
                        ? "none of its " + texts + " rows has more than " + settings.length()
                                + " tokens; give longer texts, a smaller length, or another join"
                        : "its text has " + tokens + " tokens, too few for windows of " + settings.length()
                                + "; give a longer text or a smaller length");
    }

    private List<int[]> fromWhole(String text, CalibrationSettings settings, Tokenizer tokenizer) {
        int[] tokens = tokenizer.encodeWithSpecialTokens(text);
        if (tokens.length <= settings.length()) {
            throw new DataException(tooFew(1, tokens.length, settings));
        }
        MersenneTwister random = new MersenneTwister(settings.seed());
        List<int[]> windows = new ArrayList<>();
        while (windows.size() < settings.samples()) {
            windows.add(window(tokens, random.below(tokens.length - settings.length()), settings.length()));
        }
        return windows;
    }

    private List<int[]> fromDocuments(List<String> rows, CalibrationSettings settings, Tokenizer tokenizer) {
        if (rows.isEmpty()) {
            throw new DataException(file.path() + ": holds no rows");
        }
        MersenneTwister random = new MersenneTwister(settings.seed());
        List<int[]> windows = new ArrayList<>();
        long failures = 0;
        while (windows.size() < settings.samples()) {
            int[] tokens = tokenizer.encodeWithSpecialTokens(rows.get(random.below(rows.size())));
            if (tokens.length > settings.length()) {
                windows.add(window(tokens, random.below(tokens.length - settings.length()), settings.length()));
                failures = 0;
            } else if (++failures > (long) TRIES_PER_ROW * rows.size()) {
                throw new DataException(tooFew(rows.size(), settings.length(), settings));
            }
        }
        return windows;
    }

    private static int[] window(int[] tokens, int from, int length) {
        int[] window = new int[length];
        System.arraycopy(tokens, from, window, 0, length);
        return window;
    }
}
