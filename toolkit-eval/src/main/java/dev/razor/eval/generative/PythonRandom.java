package dev.razor.eval.generative;

import dev.razor.core.base.Check;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Python's `random.Random(seed)`, as far as lm-evaluation-harness draws its examples with it: the Mersenne
/// Twister MT19937, seeded by a whole number, and `sample`.
///
/// @see <a href="https://docs.python.org/3/library/random.html">random</a>
/// @see <a href="http://www.math.sci.hiroshima-u.ac.jp/m-mat/MT/MT2002/emt19937ar.html">Matsumoto and Nishimura</a>
public final class PythonRandom {

    private static final int SIZE = 624;
    private static final int MIDDLE = 397;

    private final int[] state = new int[SIZE];
    private int next = SIZE;

    /// @param seed not negative, below 2^32
    public PythonRandom(long seed) {
        Check.that(seed >= 0 && seed < 1L << 32, "a seed must be from 0 to 2^32 - 1, got %d", seed);
        seedBy(19650218);
        int previous = state[0];
        for (int i = 1; i < SIZE; i++) {
            previous = (state[i] ^ (previous ^ previous >>> 30) * 1664525) + (int) seed;
            state[i] = previous;
        }
        state[0] = previous;
        // The key has one word, so the first pass of SIZE steps ends at index 1, from which the second goes on.
        state[1] = (state[1] ^ (state[0] ^ state[0] >>> 30) * 1664525) + (int) seed;
        for (int step = 0, i = 2; step < SIZE - 1; step++) {
            state[i] = (state[i] ^ (state[i - 1] ^ state[i - 1] >>> 30) * 1566083941) - i;
            i++;
            if (i == SIZE) {
                state[0] = state[SIZE - 1];
                i = 1;
            }
        }
        state[0] = 0x80000000;
    }

    private void seedBy(int value) {
        state[0] = value;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
    }

    /// The next 32 random bits.
    int bits() {
        if (next == SIZE) {
            refill();
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >>> 18;
    }

    private void refill() {
        for (int i = 0; i < SIZE; i++) {
            int y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
            state[i] = state[(i + MIDDLE) % SIZE] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }
        next = 0;
    }

    /// A whole number below `bound`, all equally likely.
    private int below(int bound) {
        int width = Integer.SIZE - Integer.numberOfLeadingZeros(bound);
        int drawn = bits() >>> (Integer.SIZE - width);
        while (Integer.compareUnsigned(drawn, bound) >= 0) {
            drawn = bits() >>> (Integer.SIZE - width);
        }
        return drawn;
    }

    /// `sample(population, count)`: `count` different members in the order they were drawn.
    public <T> List<T> sample(List<T> population, int count) {
        int n = population.size();
        Check.that(count >= 0 && count <= n, "cannot draw %d of %d", count, n);
        List<T> drawn = new ArrayList<>();
        if (n <= largestPool(count)) {
            List<T> pool = new ArrayList<>(population);
            for (int i = 0; i < count; i++) {
                int at = below(n - i);
                drawn.add(pool.get(at));
                pool.set(at, pool.get(n - i - 1));
            }
            return drawn;
        }
        Set<Integer> taken = new HashSet<>();
        while (drawn.size() < count) {
            int at = below(n);
            if (taken.add(at)) {
                drawn.add(population.get(at));
            }
        }
        return drawn;
    }

    /// Up to this size the population is copied, beyond it what was drawn is remembered; the two draw
    /// differently.
    private static long largestPool(int count) {
        long size = 21;
        if (count > 5) {
            long power = 1;
            while (power < 3L * count) {
                power *= 4;
            }
            size += power;
        }
        return size;
    }
}
