package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Symbols;
import dev.coppice.worker.input.TokenIds;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.task.data.LineReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * ListOps (Nangia and Bowman 2018) in Long Range Arena's form: nested operations on digits, whose value is the class.
 *
 * <p>Tokens are those of the S4 and S5 loaders: brackets ( and ), which only nest the binary tree, are dropped, and the
 * closing ] is written X.
 */
public final class ListOps {

    private static final int CLASSES = 10;
    private static final String EXPRESSIONS_HEADER = "Source\tTarget";
    private static final String TOKENS_HEADER = "label\ttoken_ids";
    private static final InputSpec EXPRESSIONS = new InputSpec(InputKind.SYMBOLS, 0, 0, false, false, CLASSES);
    private static final InputSpec TOKENS = new InputSpec(InputKind.TOKEN_IDS, 0, 0, false, false, CLASSES);

    /** Each token of an expression as a model's vocabulary has it. */
    private static final Map<String, String> SYMBOLS = Map.ofEntries(
            Map.entry("]", "X"),
            Map.entry("[MIN", "[MIN"),
            Map.entry("[MAX", "[MAX"),
            Map.entry("[MED", "[MED"),
            Map.entry("[SM", "[SM"),
            Map.entry("0", "0"),
            Map.entry("1", "1"),
            Map.entry("2", "2"),
            Map.entry("3", "3"),
            Map.entry("4", "4"),
            Map.entry("5", "5"),
            Map.entry("6", "6"),
            Map.entry("7", "7"),
            Map.entry("8", "8"),
            Map.entry("9", "9"));

    /** The task; data that is numbered already has inputs of the kind TOKEN_IDS instead. */
    public static final TaskDefinition DEFINITION = new TaskDefinition(
            "listops",
            "1",
            "accuracy",
            "test",
            EXPRESSIONS,
            "a TSV file with the header Source, Target (Long Range Arena's) or label, token_ids (numbered already)",
            "the file, or the one *test*.tsv in the folder; plain, .gz, .xz or .bz2");

    private ListOps() {}

    /** The expressions at {@code path}. */
    public static ExampleSource find(DataPath path) {
        DataFile file = RowFile.find(path);
        try (LineReader lines = new LineReader(file)) {
            String header = lines.next();
            if (EXPRESSIONS_HEADER.equals(header)) {
                return new RowFile(EXPRESSIONS, file, 1, ListOps::expression);
            }
            if (TOKENS_HEADER.equals(header)) {
                return new RowFile(TOKENS, file, 1, ListOps::tokens);
            }
            throw DataErrors.at(
                    file.path() + ":1",
                    header == null ? "an empty file" : DataErrors.quoted(header),
                    "the header Source TAB Target or label TAB token_ids",
                    "check that it is a ListOps file with its header");
        }
    }

    private static LabelledExample expression(int index, String row, String place) {
        String[] fields = fields(row, place);
        String source = fields[0];
        List<String> symbols = new ArrayList<>();
        int from = 0;
        while (from < source.length()) {
            // Two thirds of the text: skipped a character at a time, as the loaders delete them.
            if (isDropped(source.charAt(from))) {
                from++;
                continue;
            }
            int end = from + 1;
            while (end < source.length() && !isDropped(source.charAt(end))) {
                end++;
            }
            String token = source.substring(from, end);
            String symbol = SYMBOLS.get(token);
            if (symbol == null) {
                throw wrong(place, token, "one of ( ) ] [MIN [MAX [MED [SM and the digits");
            }
            symbols.add(symbol);
            from = end;
        }
        if (symbols.isEmpty()) {
            throw wrong(place, fields[0], "an expression");
        }
        return new LabelledExample(index, new Symbols(symbols), Labels.parsed(fields[1], CLASSES, place));
    }

    private static boolean isDropped(char c) {
        return c == ' ' || c == '(' || c == ')';
    }

    private static LabelledExample tokens(int index, String row, String place) {
        String[] fields = fields(row, place);
        StringTokenizer tokens = new StringTokenizer(fields[1], " ");
        int[] ids = new int[tokens.countTokens()]; // (tokens)
        for (int i = 0; i < ids.length; i++) {
            String token = tokens.nextToken();
            if (token.length() > 9 || !token.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw wrong(place, token, "a number from 0");
            }
            ids[i] = Integer.parseInt(token);
        }
        if (ids.length == 0) {
            throw wrong(place, fields[1], "numbers separated by spaces");
        }
        return new LabelledExample(index, new TokenIds(ids), Labels.parsed(fields[0], CLASSES, place));
    }

    private static String[] fields(String row, String place) {
        String[] fields = row.split("\t", -1);
        if (fields.length != 2) {
            throw DataErrors.at(place, fields.length + " fields", "2, separated by a tab", "mend the line");
        }
        return fields;
    }

    private static DataException wrong(String place, String found, String expected) {
        return DataErrors.at(place, DataErrors.quoted(found), expected, "check that it is a ListOps file");
    }
}
