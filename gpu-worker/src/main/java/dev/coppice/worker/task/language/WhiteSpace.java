package dev.coppice.worker.task.language;

import java.util.regex.Pattern;

/** White space as Python sees it (str.strip, and \s of its regular expressions); Java's own notions leave some of it out. */
final class WhiteSpace {

    /** The inside of a character class of regular expressions. */
    static final String CLASS = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

    private static final Pattern RUN = Pattern.compile("[" + CLASS + "]+");

    private WhiteSpace() {}

    static boolean is(char c) {
        return c <= ' '
                ? c >= '\t' && c <= '\r' || c >= 0x1c
                : c == 0x85
                        || c == 0xa0
                        || c == 0x1680
                        || c >= 0x2000 && c <= 0x200a
                        || c == 0x2028
                        || c == 0x2029
                        || c == 0x202f
                        || c == 0x205f
                        || c == 0x3000;
    }

    /** Length of {@code text} without white space at its end. */
    static int endOfContent(String text) {
        int end = text.length();
        while (end > 0 && is(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    static String strip(String text) {
        int end = endOfContent(text);
        int start = 0;
        while (start < end && is(text.charAt(start))) {
            start++;
        }
        return text.substring(start, end);
    }

    /** Number of pieces that runs of white space split {@code text} into, empty ones at its ends counted. */
    static int pieces(String text) {
        return RUN.split(text, -1).length;
    }
}
