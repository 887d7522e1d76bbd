package dev.coppice.worker.task.data;

/**
 * The permutations of PyTorch's generator on the processor, which its {@code random_split} cuts data sets by. Numbers come
 * from MT19937 (Matsumoto and Nishimura 1998), and the shuffle is Fisher and Yates's from the front, with a remainder for
 * the draw.
 */
public final class TorchPermutation {

    private static final int WORDS = 624;
    private static final int DISTANCE = 397;
    private static final int UPPER_BIT = 0x80000000;
    private static final int TWIST = 0x9908b0df;

    private final int[] state = new int[WORDS];
    private int used = WORDS;

    private TorchPermutation(int seed) {
        state[0] = seed;
        for (int i = 1; i < WORDS; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
    }

    /**
     * What {@code torch.randperm(count, generator=torch.Generator().manual_seed(seed))} gives.
     *
     * @param count below 2^32 / 20, where PyTorch changes to another shuffle
     * @return every number from 0 to count - 1; (count)
     */
    public static int[] of(int count, int seed) {
        TorchPermutation generator = new TorchPermutation(seed);
        int[] permutation = new int[count];
        for (int i = 0; i < count; i++) {
            permutation[i] = i;
        }
        for (int i = 0; i < count - 1; i++) {
            int other = i + Integer.remainderUnsigned(generator.next(), count - i);
            int own = permutation[i];
            permutation[i] = permutation[other];
            permutation[other] = own;
        }
        return permutation;
    }

    private int next() {
        if (used == WORDS) {
            twist();
            used = 0;
        }
        int word = state[used++];
        word ^= word >>> 11;
        word ^= word << 7 & 0x9d2c5680;
        word ^= word << 15 & 0xefc60000;
        return word ^ word >>> 18;
    }

    private void twist() {
        for (int i = 0; i < WORDS; i++) {
            int joined = state[i] & UPPER_BIT | state[(i + 1) % WORDS] & ~UPPER_BIT;
            state[i] = state[(i + DISTANCE) % WORDS] ^ joined >>> 1 ^ ((joined & 1) == 0 ? 0 : TWIST);
        }
    }
}
