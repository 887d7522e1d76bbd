package dev.coppice.driver.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.coppice.driver.search.MaxLoss;
import java.math.BigDecimal;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads sweep.ratios: a list of decimals; from, to and step; or the largest within a loss. */
final class RatiosReader {

    private static final String KEY = "ratios";
    private static final int MAX_RATIOS = 100_000;
    private static final BigDecimal SMALLEST_STEP = new BigDecimal("0.00001"); // as many ratios

    private static final String MAX_LOSS = "max-loss";
    private static final Pattern MAX_LOSS_CALL = Pattern.compile(MAX_LOSS + "\\(([^)]*)\\)");
    private static final BigDecimal STEP_OF_MAX_LOSS = new BigDecimal("0.1"); // LAST's tables

    private final Section sweep;

    RatiosReader(Section sweep) {
        this.sweep = sweep;
    }

    /**
     * The ratios of a sweep.
     *
     * @param ratios in ascending order, without 0, which is the dense model that every sweep has
     * @param maxLoss what is looked for among them; null when all are wanted
     */
    record Read(List<BigDecimal> ratios, @Nullable MaxLoss maxLoss) {}

    Read read() {
        TreeSet<BigDecimal> ratios = new TreeSet<>();
        BigDecimal points = null;
        if (sweep.raw(KEY) instanceof ConfigObject object) {
            if (object.containsKey(MAX_LOSS)) {
                points = maxLoss(sweep.section(KEY), ratios);
            } else {
                range(sweep.section(KEY), ratios);
            }
        } else if (maxLossCall() != null) {
            points = points(maxLossCall());
            steps(STEP_OF_MAX_LOSS, ratios);
        } else {
            List<ConfigValue> values = sweep.list(KEY);
            for (int i = 0; i < values.size(); i++) {
                BigDecimal ratio = Section.decimalOf(values.get(i));
                if (ratio == null || !valid(ratio)) {
                    sweep.elementProblem(
                            KEY, i, values.get(i), "is " + values.get(i).render() + ", expected a decimal in [0, 1)");
                } else {
                    ratios.add(ratio);
                }
            }
        }
        ratios.removeIf(ratio -> ratio.signum() == 0);
        List<BigDecimal> all = List.copyOf(ratios);
        return new Read(all, points == null ? null : new MaxLoss(points, all));
    }

    /** What stands between the brackets of max-loss(...); null when it is something else. */
    private @Nullable String maxLossCall() {
        ConfigValue raw = sweep.raw(KEY);
        Matcher call = MAX_LOSS_CALL.matcher(raw != null && raw.unwrapped() instanceof String text ? text.strip() : "");
        return call.matches() ? call.group(1) : null;
    }

    private @Nullable BigDecimal points(@Nullable String text) {
        try {
            BigDecimal points = new BigDecimal(String.valueOf(text).strip());
            if (points.signum() > 0) {
                return points;
            }
        } catch (NumberFormatException e) {
            // told below, with what is no number above 0
        }
        sweep.problem(KEY, "is max-loss(" + text + "), expected a number above 0 between the brackets");
        return null;
    }

    private static @Nullable BigDecimal maxLoss(Section section, TreeSet<BigDecimal> ratios) {
        BigDecimal points = section.decimal(MAX_LOSS);
        BigDecimal step = section.raw("step") == null ? STEP_OF_MAX_LOSS : section.decimal("step");
        section.finish();
        if (points != null && points.signum() <= 0) {
            section.problem(MAX_LOSS, "is " + points + ", expected a number above 0");
            return null;
        }
        if (step != null && (step.compareTo(SMALLEST_STEP) < 0 || !valid(step))) {
            section.problem("step", "is " + step + ", expected a decimal from " + SMALLEST_STEP + " to below 1");
        } else if (step != null) {
            steps(step, ratios);
        }
        return points;
    }

    /** All multiples of {@code step} below 1. */
    private static void steps(BigDecimal step, TreeSet<BigDecimal> ratios) {
        for (BigDecimal ratio = step; ratio.compareTo(BigDecimal.ONE) < 0; ratio = ratio.add(step)) {
            ratios.add(ratio);
        }
    }

    private static void range(Section section, TreeSet<BigDecimal> ratios) {
        BigDecimal from = section.decimal("from");
        BigDecimal to = section.decimal("to");
        BigDecimal step = section.decimal("step");
        section.finish();
        if (from == null || to == null || step == null) {
            return;
        }
        if (!valid(from)) {
            section.problem("from", "is " + from + ", expected a decimal in [0, 1)");
        } else if (!valid(to) || to.compareTo(from) < 0) {
            section.problem("to", "is " + to + ", expected a decimal from " + from + " to below 1");
        } else if (step.signum() <= 0
                || to.subtract(from).compareTo(step.multiply(BigDecimal.valueOf(MAX_RATIOS))) > 0) {
            section.problem(
                    "step", "is " + step + ", expected a decimal above 0 that gives at most " + MAX_RATIOS + " ratios");
        } else {
            for (BigDecimal ratio = from; ratio.compareTo(to) <= 0; ratio = ratio.add(step)) {
                ratios.add(ratio);
            }
        }
    }

    private static boolean valid(BigDecimal ratio) {
        return ratio.signum() >= 0 && ratio.compareTo(BigDecimal.ONE) < 0;
    }
}
