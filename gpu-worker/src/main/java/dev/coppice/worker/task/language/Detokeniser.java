package dev.coppice.worker.task.language;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes WikiText's spacing back (wikitext_detokenizer of lm-evaluation-harness), rule after rule. */
final class Detokeniser {

    private static final String SPACE = "[" + WhiteSpace.CLASS + "]*";

    /** A rule; {@code replacement} is literal text, or refers to groups. */
    private record Rule(Pattern pattern, String replacement) {

        static Rule text(String from, String to) {
            return new Rule(Pattern.compile(from, Pattern.LITERAL), Matcher.quoteReplacement(to));
        }

        /** Takes the space inside a pair of brackets or quotation marks away. */
        static Rule between(String open, String close, String inside) {
            return new Rule(
                    Pattern.compile(open + SPACE + "(" + inside + "*?)" + SPACE + close),
                    open.replace("\\", "") + "$1" + close.replace("\\", ""));
        }
    }

    private static final List<Rule> RULES = List.of(
            Rule.text("s '", "s'"),
            // The harness means contractions before digits here, but its pattern has literal slashes.
            new Rule(Pattern.compile("/' [0-9]/"), "/'[0-9]/"),
            Rule.text(" @-@ ", "-"),
            Rule.text(" @,@ ", ","),
            Rule.text(" @.@ ", "."),
            Rule.text(" : ", ": "),
            Rule.text(" ; ", "; "),
            Rule.text(" . ", ". "),
            Rule.text(" ! ", "! "),
            Rule.text(" ? ", "? "),
            Rule.text(" , ", ", "),
            Rule.between("\\(", "\\)", "[^)]"),
            Rule.between("\\[", "\\]", "[^\\]]"),
            Rule.between("\\{", "\\}", "[^}]"),
            Rule.between("\"", "\"", "[^\"]"),
            Rule.between("'", "'", "[^']"),
            Rule.text("= = = =", "===="),
            Rule.text("= = =", "==="),
            Rule.text("= =", "=="),
            Rule.text(" \u00b0 ", "\u00b0"),
            Rule.text(" \n", "\n"),
            Rule.text("\n ", "\n"),
            Rule.text(" N ", " 1 "),
            Rule.text(" 's", "'s"));

    private Detokeniser() {}

    static String apply(String page) {
        String text = page;
        for (Rule rule : RULES) {
            text = rule.pattern().matcher(text).replaceAll(rule.replacement());
        }
        return text;
    }
}
