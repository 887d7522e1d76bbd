package dev.coppice.worker.task.language;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a text's perplexity is computed. Windows don't overlap, each starts from the zero state, and of W tokens W - 1 are
 * predicted.
 *
 * @param kind what is cut into windows
 * @param window W tokens; 0 for {@link Kind#LM_EVAL}, whose windows are as long as the task's length
 */
public record Protocol(Kind kind, int window) {

    /** The names, for messages. */
    public static final String NAMES =
            "lm-eval, raw-W, joined-W or per-line-W (W tokens a window, from 2), such as raw-2048";

    /** The harness's: word and byte perplexity of pages, in rolling windows. */
    public static final Protocol LM_EVAL = new Protocol(Kind.LM_EVAL, 0);

    private static final Pattern NAME = Pattern.compile("(raw|joined|per-line)-([1-9][0-9]{0,6})");

    /** What is cut into windows. */
    public enum Kind {
        /** Pages, each with all the context that there is room for. */
        LM_EVAL("lm-eval"),
        /** The file as one string, without special tokens; the rest after the last whole window is dropped. */
        RAW("raw"),
        /** The rows joined by blank lines, as the pruning papers do it; the rest is dropped. */
        JOINED("joined"),
        /** Each row with text encoded by itself, the ids put one after the other, the last window filled up and all of it counted. */
        PER_LINE("per-line");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    /**
     * The protocol called {@code name}.
     *
     * @throws IllegalArgumentException for another name; the message has the known ones
     */
    public static Protocol of(String name) {
        if (name.equals(Kind.LM_EVAL.label)) {
            return LM_EVAL;
        }
        Matcher matcher = NAME.matcher(name);
        if (matcher.matches()) {
            int window = Integer.parseInt(matcher.group(2));
            for (Kind kind : Kind.values()) {
                if (kind.label.equals(matcher.group(1)) && window > 1) {
                    return new Protocol(kind, window);
                }
            }
        }
        throw new IllegalArgumentException("\"" + name + "\" is no perplexity protocol; known are " + NAMES);
    }

    /** The name in configs and tables. */
    public String name() {
        return kind == Kind.LM_EVAL ? kind.label : kind.label + "-" + window;
    }

    /** What is computed. */
    public Measure measure() {
        return kind == Kind.LM_EVAL ? Measure.PAGES : Measure.WINDOWS;
    }
}
