package dev.coppice.worker.compute.nd4j;

/**
 * Powers of complex numbers, from 0 on.
 *
 * @param re real parts; (S, count)
 * @param im imaginary parts; (S, count)
 */
record Powers(double[][] re, double[][] im) {

    static Powers of(double[] re, double[] im, int count) {
        Powers powers = new Powers(new double[re.length][count], new double[re.length][count]);
        for (int s = 0; s < re.length; s++) {
            double r = 1;
            double i = 0;
            for (int e = 0; e < count; e++) {
                powers.re[s][e] = r;
                powers.im[s][e] = i;
                double next = r * re[s] - i * im[s];
                i = r * im[s] + i * re[s];
                r = next;
            }
        }
        return powers;
    }

    double re(int s, int exponent) {
        return re[s][exponent];
    }

    double im(int s, int exponent) {
        return im[s][exponent];
    }

    /** Real part of this power of each; (S). */
    double[] re(int exponent) {
        return column(re, exponent);
    }

    /** Imaginary part of this power of each; (S). */
    double[] im(int exponent) {
        return column(im, exponent);
    }

    private static double[] column(double[][] of, int column) {
        double[] out = new double[of.length];
        for (int s = 0; s < out.length; s++) {
            out[s] = of[s][column];
        }
        return out;
    }
}
