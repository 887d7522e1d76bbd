package dev.coppice.worker.job.synthesis;

/**
 * The standard normal distribution as 65,536 equally likely values, its quantiles in the middle of equal shares. Billions of
 * weights are then as many look-ups; they reach 4.2 standard deviations.
 */
final class NormalQuantiles {

    private static final int BITS = 16;
    private static final int COUNT = 1 << BITS;
    private static final int NEWTON_STEPS = 4;
    private static final double DENSITY_AT_0 = 1 / StrictMath.sqrt(2 * Math.PI);
    private static final float[] VALUES = values();

    private NormalQuantiles() {}

    /** The value that random bits choose, by their highest ones. */
    static float of(long bits) {
        return VALUES[(int) (bits >>> (Long.SIZE - BITS))];
    }

    private static float[] values() {
        float[] values = new float[COUNT];
        double x = 0;
        for (int i = COUNT / 2; i < COUNT; i++) {
            double share = (i + 0.5) / COUNT;
            for (int step = 0; step < NEWTON_STEPS; step++) {
                x += (share - cumulative(x)) / density(x);
            }
            values[i] = (float) x;
            values[COUNT - 1 - i] = (float) -x;
        }
        return values;
    }

    private static double density(double x) {
        return DENSITY_AT_0 * StrictMath.exp(-x * x / 2);
    }

    /** Share below x of at least 0: 1/2 + density(x) (x + x^3/3 + x^5/(3 5) + ...), Marsaglia 2004, section 3. */
    private static double cumulative(double x) {
        double sum = x;
        double term = x;
        for (int odd = 3; term > sum * 0x1p-53; odd += 2) {
            term *= x * x / odd;
            sum += term;
        }
        return 0.5 + density(x) * sum;
    }
}
