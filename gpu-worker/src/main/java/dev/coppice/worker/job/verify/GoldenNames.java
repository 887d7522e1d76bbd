package dev.coppice.worker.job.verify;

import java.math.BigDecimal;

/** How golden files call our methods: {@code pruned.METHOD.SCOPE.rPERCENT.} and then the output's name. */
final class GoldenNames {

    static final String PRUNED = "pruned.";

    private GoldenNames() {}

    /** Begin of the names for a method and ratio, such as pruned.hinf.uniform.r50. for uniform-hinf and 0.5. */
    static String prefix(String method, BigDecimal ratio) {
        int dash = method.indexOf('-');
        String first = dash < 0 ? "" : method.substring(0, dash);
        boolean scoped = first.equals("uniform") || first.equals("global");
        String score = scoped ? method.substring(dash + 1) : method;
        String scope = scoped ? first : "global";
        String percent = ratio.movePointRight(2).stripTrailingZeros().toPlainString();
        return PRUNED + score.replace('-', '_') + "." + scope + ".r" + percent + ".";
    }
}
