package dev.coppice.driver.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.math.BigDecimal;
import java.util.List;
import java.util.TreeSet;

/** Reads sweep.ratios: a list of decimals, or from, to and step. */
final class RatiosReader {

    private static final String KEY = "ratios";
    private static final int MAX_RATIOS = 100_000;

    private final Section sweep;

    RatiosReader(Section sweep) {
        this.sweep = sweep;
    }

    /** The ratios in ascending order, without 0, which is the dense model that every sweep has. */
    List<BigDecimal> read() {
        TreeSet<BigDecimal> ratios = new TreeSet<>();
        if (sweep.raw(KEY) instanceof ConfigObject) {
            range(sweep.section(KEY), ratios);
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
        return List.copyOf(ratios);
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
