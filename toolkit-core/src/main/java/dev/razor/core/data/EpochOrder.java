package dev.razor.core.data;

import dev.razor.core.base.Check;
import dev.razor.core.base.ConfigException;
import dev.razor.core.random.Draws;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// In which order the epochs of a run take the examples. What an epoch takes depends on its number and the seed
/// alone.
public sealed interface EpochOrder {

    /// Examples an epoch takes, the same number in every epoch.
    int size();

    /// The examples of epoch `number`, the first of which is 0, as indices.
    int[] epoch(int number);

    /// Every example once an epoch, in a new seeded permutation each time.
    static EpochOrder shuffled(int examples, long seed) {
        return new Mixture(List.of(examples), null, seed);
    }

    /// The examples of several sources, shuffled together in every epoch.
    ///
    /// A source of `n` examples with weight `w` gives `k = round(w n)` of them an epoch, at least one. They are
    /// the places `[e k, (e + 1) k)` of the stream of permutation after permutation of the source, so that after
    /// any number of epochs no example of a source has been seen more than once more than another.
    ///
    /// @param sizes examples of each source; those of the first have the indices from 0, those of the next follow
    /// @param weights as many, or null for every example once
    record Mixture(List<Integer> sizes, @Nullable List<Double> weights, long seed) implements EpochOrder {

        private static final int LARGEST_EPOCH = 1 << 30;

        /// Names the permutations of an epoch among all other draws.
        private static final long SHUFFLE = 0x5348_5546_464cL;

        /// Names the permutations within a source.
        private static final long SOURCE = 0x534f_5552_4345L;

        public Mixture {
            Check.that(sizes.stream().allMatch(size -> size > 0), "there are no examples to train on");
            Check.that(
                    weights == null || weights.size() == sizes.size(),
                    "data_weights must have a weight for each of %d entries, got %s",
                    sizes.size(),
                    weights);
            sizes = List.copyOf(sizes);
            weights = weights == null ? null : List.copyOf(weights);
            long total = 0;
            for (int source = 0; source < sizes.size(); source++) {
                total += taken(sizes, weights, source);
            }
            Check.that(total > 0, "there are no examples to train on");
            if (total > LARGEST_EPOCH) {
                throw new ConfigException("data_weights: an epoch would take %d examples, at most %d can be; lower %s"
                        .formatted(total, LARGEST_EPOCH, weights));
            }
        }

        /// How many examples of source `source` an epoch takes.
        public int taken(int source) {
            return Math.toIntExact(taken(sizes, weights, source));
        }

        private static long taken(List<Integer> sizes, @Nullable List<Double> weights, int source) {
            int size = sizes.get(source);
            double share = weights == null ? size : Math.min(weights.get(source) * size, Integer.MAX_VALUE);
            return Math.max(1, Math.round(share));
        }

        @Override
        public int size() {
            return IntStream.range(0, sizes.size()).map(this::taken).sum();
        }

        @Override
        public int[] epoch(int number) {
            int[] chosen = new int[size()];
            int at = 0;
            int offset = 0;
            for (int source = 0; source < sizes.size(); source++) {
                int[] places = places(source, number);
                for (int place : places) {
                    chosen[at++] = offset + place;
                }
                offset += sizes.get(source);
            }
            int[] order = Draws.permutation(chosen.length, seed, SHUFFLE, number);
            return Arrays.stream(order).map(index -> chosen[index]).toArray();
        }

        private int[] places(int source, int epoch) {
            int size = sizes.get(source);
            int taken = taken(source);
            if (taken == size) {
                return IntStream.range(0, size).toArray();
            }
            int[] places = new int[taken];
            long first = (long) epoch * taken;
            int[] permutation = {};
            for (int i = 0; i < taken; i++) {
                int within = (int) ((first + i) % size);
                if (i == 0 || within == 0) {
                    permutation = Draws.permutation(size, seed, SOURCE, source, (first + i) / size);
                }
                places[i] = permutation[within];
            }
            return places;
        }
    }

    /// Another order in which steps take examples of like length, after transformers' `group_by_length`.
    ///
    /// The epoch is cut into megabatches of 50 steps (fewer where that would leave less than four of them).
    /// Each is sorted by falling length and cut into steps, and the steps of the epoch are shuffled. What does
    /// not fill a step at the end of the epoch is its last step.
    ///
    /// transformers leaves the steps of a megabatch in falling order and puts the longest of all first.
    ///
    /// @param lengths tokens of each example
    /// @param stepSize examples an optimiser step
    record ByLength(EpochOrder order, int[] lengths, int stepSize, long seed) implements EpochOrder {

        private static final int MOST_STEPS = 50;
        private static final int LEAST_MEGABATCHES = 4;

        /// Names the permutations of an epoch's steps.
        private static final long STEPS = 0x5354_4550_53L;

        public ByLength {
            Check.that(stepSize > 0, "a step must have examples, got %d", stepSize);
        }

        @Override
        public int size() {
            return order.size();
        }

        @Override
        public int[] epoch(int number) {
            int[] plain = order.epoch(number);
            int steps = plain.length / stepSize;
            int perMegabatch = Math.clamp(steps / LEAST_MEGABATCHES, 1, MOST_STEPS);
            int[] sorted = new int[plain.length];
            for (int first = 0; first < steps; first += perMegabatch) {
                int last = Math.min(steps, first + perMegabatch);
                sort(plain, first * stepSize, last * stepSize, sorted);
            }
            sort(plain, steps * stepSize, plain.length, sorted);
            int[] shuffled = sorted.clone();
            int[] stepOrder = Draws.permutation(steps, seed, STEPS, number);
            for (int step = 0; step < steps; step++) {
                System.arraycopy(sorted, stepOrder[step] * stepSize, shuffled, step * stepSize, stepSize);
            }
            return shuffled;
        }

        /// Examples of equal length stay in the order of the epoch.
        private void sort(int[] from, int start, int end, int[] into) {
            int[] falling = IntStream.range(start, end)
                    .mapToObj(i -> from[i])
                    .sorted((a, b) -> Integer.compare(lengths[b], lengths[a]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            System.arraycopy(falling, 0, into, start, falling.length);
        }
    }
}
