package dev.coppice.worker.compute.cpu;

import jdk.incubator.vector.FloatVector;

/**
 * Complex Fourier transforms of one length, W of them at a time: each vector lane holds a signal of its own, so that no
 * pass moves data between lanes, whatever its stride.
 *
 * <p>Point t of the signals is the block x[2 t W] to x[2 (t + 1) W - 1]: W real parts, then W imaginary parts. The forward
 * transform leaves the frequencies in the order of its last pass and the inverse one starts from that order; a product of
 * spectra does not care, and nothing is ever sorted. Both work in place, in radix 4 (decimation in frequency and in time),
 * depth first, so that the later passes run in the nearest cache.
 */
final class LaneFft {

    /** Floats of one point of all W signals. */
    static final int POINT = 2 * Lanes.COUNT;

    private static final int IM = Lanes.COUNT;

    private final int points;
    private final float[][]
            twiddles; // (passes)(n / 4, 6): w^j, w^2j, w^3j for w = exp(-2 pi i / n), n = points / 4^pass

    /** Transforms of {@code points} points, a power of two of at least 2. */
    LaneFft(int points) {
        if (points < 2 || Integer.bitCount(points) != 1) {
            throw new IllegalArgumentException(points + " points: expected a power of two of at least 2");
        }
        this.points = points;
        twiddles = new float[Integer.numberOfTrailingZeros(points) / 2][];
        for (int pass = 0; pass < twiddles.length; pass++) {
            twiddles[pass] = twiddles(points >> (2 * pass));
        }
    }

    /** N, points of a signal. */
    int points() {
        return points;
    }

    private static float[] twiddles(int n) {
        float[] w = new float[6 * (n / 4)];
        for (int j = 0; j < n / 4; j++) {
            for (int power = 1; power <= 3; power++) {
                double angle = -2 * Math.PI * power * j / n;
                w[6 * j + 2 * (power - 1)] = (float) Math.cos(angle);
                w[6 * j + 2 * (power - 1) + 1] = (float) Math.sin(angle);
            }
        }
        return w;
    }

    /** X_k = sum_t x_t exp(-2 pi i k t / N), in place, in this class's own order of k; x (N, 2, W). */
    void forward(float[] x) {
        forward(x, 0, points, 0);
    }

    /** N times the inverse of {@link #forward}, in place; x (N, 2, W). */
    void inverse(float[] x) {
        inverse(x, 0, points, 0);
    }

    private void forward(float[] x, int from, int n, int pass) {
        if (n == 2) {
            pair(x, from * POINT);
            return;
        }
        split(x, from, n / 4, twiddles[pass]);
        if (n > 4) {
            for (int quarter = 0; quarter < 4; quarter++) {
                forward(x, from + quarter * (n / 4), n / 4, pass + 1);
            }
        }
    }

    private void inverse(float[] x, int from, int n, int pass) {
        if (n == 2) {
            pair(x, from * POINT);
            return;
        }
        if (n > 4) {
            for (int quarter = 0; quarter < 4; quarter++) {
                inverse(x, from + quarter * (n / 4), n / 4, pass + 1);
            }
        }
        join(x, from, n / 4, twiddles[pass]);
    }

    /** The transform of two points, which is its own inverse but for the factor 2. */
    private static void pair(float[] x, int a) {
        int b = a + POINT;
        FloatVector ar = load(x, a);
        FloatVector ai = load(x, a + IM);
        FloatVector br = load(x, b);
        FloatVector bi = load(x, b + IM);
        ar.add(br).intoArray(x, a);
        ai.add(bi).intoArray(x, a + IM);
        ar.sub(br).intoArray(x, b);
        ai.sub(bi).intoArray(x, b + IM);
    }

    /**
     * Points a, b, c, d, a quarter apart: the four sums of a radix-4 step, then the twiddle factors. Each value is loaded
     * once and factors are broadcast once: with more calls in one method, some compilations of it stopped short of inlining
     * all, and the vectors became objects (2.5 times the time, in two runs of three).
     */
    private static void split(float[] x, int from, int quarter, float[] twiddles) {
        for (int j = 0; j < quarter; j++) {
            int a = (from + j) * POINT;
            int b = a + quarter * POINT;
            int c = b + quarter * POINT;
            int d = c + quarter * POINT;
            FloatVector ar = load(x, a);
            FloatVector ai = load(x, a + IM);
            FloatVector br = load(x, b);
            FloatVector bi = load(x, b + IM);
            FloatVector cr = load(x, c);
            FloatVector ci = load(x, c + IM);
            FloatVector dr = load(x, d);
            FloatVector di = load(x, d + IM);
            FloatVector evenSumRe = ar.add(cr);
            FloatVector evenSumIm = ai.add(ci);
            FloatVector evenDiffRe = ar.sub(cr);
            FloatVector evenDiffIm = ai.sub(ci);
            FloatVector oddSumRe = br.add(dr);
            FloatVector oddSumIm = bi.add(di);
            FloatVector oddDiffRe = br.sub(dr);
            FloatVector oddDiffIm = bi.sub(di);
            int w = 6 * j;
            evenSumRe.add(oddSumRe).intoArray(x, a);
            evenSumIm.add(oddSumIm).intoArray(x, a + IM);
            // (a - c) - i (b - d), (a + c) - (b + d), (a - c) + i (b - d)
            turned(x, b, evenDiffRe.add(oddDiffIm), evenDiffIm.sub(oddDiffRe), twiddles[w], twiddles[w + 1]);
            turned(x, c, evenSumRe.sub(oddSumRe), evenSumIm.sub(oddSumIm), twiddles[w + 2], twiddles[w + 3]);
            turned(x, d, evenDiffRe.sub(oddDiffIm), evenDiffIm.add(oddDiffRe), twiddles[w + 4], twiddles[w + 5]);
        }
    }

    /** The inverse of {@link #split}, times 4. */
    private static void join(float[] x, int from, int quarter, float[] twiddles) {
        for (int j = 0; j < quarter; j++) {
            int a = (from + j) * POINT;
            int b = a + quarter * POINT;
            int c = b + quarter * POINT;
            int d = c + quarter * POINT;
            int w = 6 * j;
            FloatVector br = turnedBackRe(x, b, twiddles[w], twiddles[w + 1]);
            FloatVector bi = turnedBackIm(x, b, twiddles[w], twiddles[w + 1]);
            FloatVector cr = turnedBackRe(x, c, twiddles[w + 2], twiddles[w + 3]);
            FloatVector ci = turnedBackIm(x, c, twiddles[w + 2], twiddles[w + 3]);
            FloatVector dr = turnedBackRe(x, d, twiddles[w + 4], twiddles[w + 5]);
            FloatVector di = turnedBackIm(x, d, twiddles[w + 4], twiddles[w + 5]);
            FloatVector ar = load(x, a);
            FloatVector ai = load(x, a + IM);
            FloatVector evenSumRe = ar.add(cr);
            FloatVector evenSumIm = ai.add(ci);
            FloatVector evenDiffRe = ar.sub(cr);
            FloatVector evenDiffIm = ai.sub(ci);
            FloatVector oddSumRe = br.add(dr);
            FloatVector oddSumIm = bi.add(di);
            FloatVector oddDiffRe = br.sub(dr);
            FloatVector oddDiffIm = bi.sub(di);
            evenSumRe.add(oddSumRe).intoArray(x, a);
            evenSumIm.add(oddSumIm).intoArray(x, a + IM);
            evenDiffRe.sub(oddDiffIm).intoArray(x, b);
            evenDiffIm.add(oddDiffRe).intoArray(x, b + IM);
            evenSumRe.sub(oddSumRe).intoArray(x, c);
            evenSumIm.sub(oddSumIm).intoArray(x, c + IM);
            evenDiffRe.add(oddDiffIm).intoArray(x, d);
            evenDiffIm.sub(oddDiffRe).intoArray(x, d + IM);
        }
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(Lanes.SPECIES, x, at);
    }

    /** Stores (re + i im) (wr + i wi). */
    private static void turned(float[] x, int at, FloatVector re, FloatVector im, float wr, float wi) {
        FloatVector cos = Lanes.broadcast(wr);
        FloatVector sin = Lanes.broadcast(wi);
        re.mul(cos).sub(im.mul(sin)).intoArray(x, at);
        re.fma(sin, im.mul(cos)).intoArray(x, at + IM);
    }

    /** Real part of x (wr - i wi). */
    private static FloatVector turnedBackRe(float[] x, int at, float wr, float wi) {
        return load(x, at).fma(Lanes.broadcast(wr), load(x, at + IM).mul(wi));
    }

    /** Imaginary part of x (wr - i wi). */
    private static FloatVector turnedBackIm(float[] x, int at, float wr, float wi) {
        return load(x, at + IM).mul(wr).sub(load(x, at).mul(wi));
    }
}
