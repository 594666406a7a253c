package dev.razor.study.quickstart;

import dev.razor.core.base.Check;
import java.util.ArrayList;
import java.util.List;

/// A small random generator that is written out here so that its numbers never change with the JDK.
///
/// ```
/// state = state + 0x9E3779B97F4A7C15
/// z = (state xor (state >>> 30)) * 0xBF58476D1CE4E5B9
/// z = (z xor (z >>> 27)) * 0x94D049BB133111EB
/// next = z xor (z >>> 31)
/// ```
///
/// @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood 2014, Fast splittable
/// pseudorandom number generators</a>
final class SplitMix64 {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private long state;

    SplitMix64(long seed) {
        this.state = seed;
    }

    /// The generator called `name` under `seed`. Each part of the world has a name of its own, so that a change
    /// to one part leaves the draws of the others as they were.
    static SplitMix64 named(long seed, String name) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        return new SplitMix64(new SplitMix64(seed).nextLong() ^ hash);
    }

    long nextLong() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// An integer in `[0, bound)`, by the high half of a product; the bias is below `bound / 2^64`.
    int nextInt(int bound) {
        Check.that(bound > 0, "bound must be positive, got %d", bound);
        return (int) Math.unsignedMultiplyHigh(nextLong(), bound);
    }

    /// An integer in `[low, high]`.
    int between(int low, int high) {
        return low + nextInt(high - low + 1);
    }

    /// True in the share `probability` of the calls.
    boolean chance(double probability) {
        return (nextLong() >>> 11) * 0x1p-53 < probability;
    }

    <T> T pick(List<T> from) {
        return from.get(nextInt(from.size()));
    }

    /// The same elements in a random order (Fisher and Yates).
    <T> List<T> shuffled(List<T> elements) {
        List<T> result = new ArrayList<>(elements);
        for (int i = result.size() - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            T moved = result.get(i);
            result.set(i, result.get(j));
            result.set(j, moved);
        }
        return result;
    }

    /// `count` different elements in a random order.
    <T> List<T> sample(List<T> elements, int count) {
        Check.that(count <= elements.size(), "cannot draw %d of %d elements", count, elements.size());
        return List.copyOf(shuffled(elements).subList(0, count));
    }
}
