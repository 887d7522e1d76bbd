package dev.coppice.driver.cli;

import dev.coppice.driver.config.MethodSettings;
import dev.coppice.driver.config.SweepSettings;
import dev.coppice.driver.plan.SweepPlan;
import dev.coppice.driver.search.MaxLoss;
import java.io.PrintWriter;
import java.util.Map;

/** A plan in words. */
final class PlanText {

    private PlanText() {}

    static void print(SweepSettings settings, SweepPlan plan, PrintWriter out) {
        out.printf("Sweep %s in %s%n", plan.sweep(), settings.output());
        out.printf(
                "  %d models x %d tasks x %d methods x %d ratios%n",
                settings.models().size(),
                settings.tasks().size(),
                settings.methods().size(),
                settings.ratios().size());
        MaxLoss maxLoss = settings.maxLoss();
        if (maxLoss != null) {
            out.printf(
                    "  for each, the largest of the ratios that loses less than %s points (perplexity: per cent), by"
                            + " bisection: further jobs follow from the results%n",
                    maxLoss.points().toPlainString());
        }
        out.printf(
                "  methods: %s%n",
                String.join(
                        ", ",
                        settings.methods().stream().map(MethodSettings::label).toList()));
        for (Map.Entry<String, Integer> reason : plan.dropped().entrySet()) {
            out.printf("  dropped %d: %s%n", reason.getValue(), reason.getKey());
        }
        for (String unresolved : plan.unresolved()) {
            out.printf("  not there: %s%n", unresolved);
        }
        out.printf(
                "%d cells: %d done, %d failed, %d jobs to run%n",
                plan.grid().size(), plan.done(), plan.failed(), plan.jobs().size());
        if (plan.failed() > 0) {
            out.println("Failed jobs run again with --retry-failed.");
        }
    }
}
