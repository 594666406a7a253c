package dev.razor.eval;

import dev.razor.core.base.Check;
import java.util.LinkedHashSet;

/// CPython's `random.Random`, seeded with a whole number: the same draws for the same seed, so that few-shot
/// examples are the ones that lm-evaluation-harness shows.
///
/// The generator is the Mersenne Twister MT19937 with `init_by_array`; `randbelow` draws the number's bits until
/// they are below the bound; `sample` is that of CPython 3.11.
///
/// @see <a href="https://doi.org/10.1145/272991.272995">Matsumoto and Nishimura 1998</a>
public final class PythonRandom {

    private static final int N = 624;
    private static final int M = 397;

    private final int[] state = new int[N];
    private int next = N;

    /// The generator of `random.Random(seed)`.
    public PythonRandom(long seed) {
        Check.that(seed >= 0, "a seed must not be negative, got %s", seed);
        int high = (int) (seed >>> Integer.SIZE);
        seed(high == 0 ? new int[] {(int) seed} : new int[] {(int) seed, high});
    }

    private void seed(int[] key) {
        state[0] = 19650218;
        for (int i = 1; i < N; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
        int i = 1;
        int j = 0;
        for (int k = Math.max(N, key.length); k > 0; k--) {
            state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1664525)) + key[j] + j;
            i = after(i);
            j = (j + 1) % key.length;
        }
        for (int k = N - 1; k > 0; k--) {
            state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1566083941)) - i;
            i = after(i);
        }
        state[0] = 0x80000000;
    }

    /// The index after `i` in seeding, which carries the last word over to the first.
    private int after(int i) {
        if (i + 1 < N) {
            return i + 1;
        }
        state[0] = state[N - 1];
        return 1;
    }

    private void twist() {
        for (int i = 0; i < N; i++) {
            int y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
            state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }
        next = 0;
    }

    /// A number of `count` random bits, 1 to 32: Python's `getrandbits`.
    public long bits(int count) {
        Check.that(count >= 1 && count <= Integer.SIZE, "1 to 32 bits can be drawn, got %d", count);
        if (next == N) {
            twist();
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        y ^= y >>> 18;
        return Integer.toUnsignedLong(y) >>> (Integer.SIZE - count);
    }

    private int below(int bound) {
        int count = Integer.SIZE - Integer.numberOfLeadingZeros(bound);
        long drawn = bits(count);
        while (drawn >= bound) {
            drawn = bits(count);
        }
        return (int) drawn;
    }

    /// `size` different indices below `population`, in the order drawn: what `sample` takes of a list.
    public int[] sample(int population, int size) {
        Check.that(0 <= size && size <= population, "%d of %d cannot be drawn", size, population);
        int setSize = 21; // of a small set, in words
        if (size > 5) {
            setSize += (int) Math.pow(4, Math.ceil(Math.log(3.0 * size) / Math.log(4)));
        }
        return population <= setSize ? fromPool(population, size) : byRejection(population, size);
    }

    private int[] fromPool(int population, int size) {
        int[] pool = new int[population];
        for (int i = 0; i < population; i++) {
            pool[i] = i;
        }
        int[] drawn = new int[size];
        for (int i = 0; i < size; i++) {
            int j = below(population - i);
            drawn[i] = pool[j];
            pool[j] = pool[population - i - 1];
        }
        return drawn;
    }

    private int[] byRejection(int population, int size) {
        var drawn = new LinkedHashSet<Integer>();
        while (drawn.size() < size) {
            drawn.add(below(population));
        }
        return drawn.stream().mapToInt(Integer::intValue).toArray();
    }
}
