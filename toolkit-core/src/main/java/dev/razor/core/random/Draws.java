package dev.razor.core.random;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Random numbers as a function of what they are for: the same names give the same number, whatever was drawn
/// before, in which batch, on which device. libtorch's generator is never used, because its state cannot be
/// read (a resumed run could not continue it).
///
/// ```
/// mix(a, b, ...) = finalise(finalise(a) + golden + b) ...      finalise: SplitMix64's
/// ```
///
/// @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood 2014</a> for SplitMix64
public final class Draws {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Draws() {}

    /// A seed made of several names, such as run seed, step and sequence.
    public static long mix(long... names) {
        long mixed = 0;
        for (long name : names) {
            mixed = finalise(mixed + GOLDEN_GAMMA + name);
        }
        return mixed;
    }

    /// A number uniform in `[0, 1)` with 53 random bits.
    public static double uniform(long... names) {
        return (mix(names) >>> 11) * 0x1.0p-53;
    }

    /// A generator for a longer sequence of draws.
    public static RandomGenerator generator(long... names) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(mix(names));
    }

    /// A permutation of `0 .. size-1` (Fisher and Yates).
    public static int[] permutation(int size, long... names) {
        RandomGenerator random = generator(names);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static long finalise(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
