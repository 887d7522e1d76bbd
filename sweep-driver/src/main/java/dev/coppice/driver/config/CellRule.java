package dev.coppice.driver.config;

import java.math.BigDecimal;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A pattern of cells.
 *
 * @param model of the model's name
 * @param task of the task's name
 * @param method of the method's name
 * @param ratio of the ratio
 */
public record CellRule(
        Predicate<String> model, Predicate<String> task, Predicate<String> method, Predicate<BigDecimal> ratio) {

    private static final Pattern COMPARISON = Pattern.compile("\\s*(<=|>=|<|>|=)?\\s*(\\d*\\.?\\d+)\\s*");

    /** Whether the cell meets the rule in every key. */
    public boolean matches(String cellModel, String cellTask, String cellMethod, BigDecimal cellRatio) {
        return model.test(cellModel) && task.test(cellTask) && method.test(cellMethod) && ratio.test(cellRatio);
    }

    /** Names that match a pattern with * (any letters) and ? (one letter). */
    static Predicate<String> glob(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (char c : pattern.toCharArray()) {
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString()).asMatchPredicate();
    }

    /**
     * Ratios that meet a comparison such as ">0.5", or equal a number; "*" is any.
     *
     * @throws IllegalArgumentException when it is neither
     */
    static Predicate<BigDecimal> comparison(String text) {
        if (text.equals("*")) {
            return ratio -> true;
        }
        var parts = COMPARISON.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("\"" + text + "\", expected a number or a comparison such as \">0.5\"");
        }
        BigDecimal bound = new BigDecimal(parts.group(2));
        String operator = parts.group(1) == null ? "=" : parts.group(1);
        return switch (operator) {
            case "<" -> ratio -> ratio.compareTo(bound) < 0;
            case "<=" -> ratio -> ratio.compareTo(bound) <= 0;
            case ">" -> ratio -> ratio.compareTo(bound) > 0;
            case ">=" -> ratio -> ratio.compareTo(bound) >= 0;
            default -> ratio -> ratio.compareTo(bound) == 0;
        };
    }
}
