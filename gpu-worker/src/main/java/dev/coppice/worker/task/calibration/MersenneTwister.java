package dev.coppice.worker.task.calibration;

/**
 * MT19937 (Matsumoto and Nishimura 1998), seeded and read as Python's {@code random} module does, so that windows are those that
 * the published scripts draw.
 */
final class MersenneTwister {

    private static final int N = 624;
    private static final int M = 397;

    private final int[] state = new int[N];
    private int next = N;

    /** As {@code random.seed(seed)}: initialised by the array of the seed's 32-bit words, lowest first. */
    MersenneTwister(long seed) {
        long magnitude = Math.abs(seed);
        int[] key = magnitude >>> 32 == 0
                ? new int[] {(int) magnitude}
                : new int[] {(int) magnitude, (int) (magnitude >>> 32)};
        initialise(19650218);
        int i = 1;
        int j = 0;
        for (int k = Math.max(N, key.length); k > 0; k--) {
            state[i] = (state[i] ^ (state[i - 1] ^ state[i - 1] >>> 30) * 1664525) + key[j] + j;
            i = after(i);
            j = (j + 1) % key.length;
        }
        for (int k = N - 1; k > 0; k--) {
            state[i] = (state[i] ^ (state[i - 1] ^ state[i - 1] >>> 30) * 1566083941) - i;
            i = after(i);
        }
        state[0] = 0x80000000;
    }

    private void initialise(int seed) {
        state[0] = seed;
        for (int i = 1; i < N; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
    }

    /** The next place; beyond the last comes 1, after a copy of the last into 0. */
    private int after(int i) {
        if (i + 1 < N) {
            return i + 1;
        }
        state[0] = state[N - 1];
        return 1;
    }

    private int word() {
        if (next == N) {
            for (int i = 0; i < N; i++) {
                int y = state[i] & 0x80000000 | state[(i + 1) % N] & 0x7fffffff;
                state[i] = state[(i + M) % N] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
            }
            next = 0;
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >>> 18;
    }

    /** As {@code random.randrange(bound)}: the top bits of words, until they are below the bound. */
    int below(int bound) {
        int bits = 32 - Integer.numberOfLeadingZeros(bound);
        int drawn = word() >>> 32 - bits;
        while (drawn >= bound) {
            drawn = word() >>> 32 - bits;
        }
        return drawn;
    }
}
