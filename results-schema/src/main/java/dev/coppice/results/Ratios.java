package dev.coppice.results;

import java.math.BigDecimal;

/** The one form of a ratio, so that 0.3 and 0.30 are the same cell. */
final class Ratios {

    /** A double tells decimals of up to 15 digits apart, and tables store ratios as doubles. */
    private static final int MAX_DECIMALS = 9;

    private Ratios() {}

    /** {@code ratio} without trailing zeros. */
    static BigDecimal canonical(BigDecimal ratio) {
        BigDecimal stripped = ratio.signum() == 0 ? BigDecimal.ZERO : ratio.stripTrailingZeros();
        if (stripped.scale() > MAX_DECIMALS) {
            throw new IllegalArgumentException(
                    "a ratio has at most " + MAX_DECIMALS + " decimals, not " + stripped.toPlainString());
        }
        return stripped;
    }
}
