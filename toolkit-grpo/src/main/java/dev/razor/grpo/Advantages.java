package dev.razor.grpo;

import dev.razor.core.base.Check;
import java.util.Arrays;

/// Advantages of completions that come in groups of equal size, one group a prompt:
///
/// ```
/// A_i = r_i - mean(group)                                  scale none
/// A_i = (r_i - mean(group)) / (std(group) + 1e-4)          scale group
/// A_i = (r_i - mean(group)) / (std(all) + 1e-4)            scale batch
/// ```
///
/// with the sample standard deviation (n - 1), as TRL computes it.
///
/// @see <a href="https://arxiv.org/abs/2402.03300">DeepSeekMath, Shao et al. 2024</a>
/// @see <a href="https://arxiv.org/abs/2503.20783">Dr. GRPO, Liu et al. 2025</a>
public final class Advantages {

    private static final double EPSILON = 1e-4;

    private Advantages() {}

    /// One advantage a reward; the rewards of a group stand together.
    public static double[] of(double[] rewards, int groupSize, RewardScale scale) {
        Check.that(groupSize >= 2, "a group needs at least 2 completions, got %d", groupSize);
        Check.that(rewards.length % groupSize == 0, "%d rewards are no groups of %d", rewards.length, groupSize);
        double[] advantages = new double[rewards.length];
        double batchDeviation = deviation(rewards);
        for (int start = 0; start < rewards.length; start += groupSize) {
            double[] group = Arrays.copyOfRange(rewards, start, start + groupSize);
            double mean = mean(group);
            double divisor = switch (scale) {
                case GROUP -> deviation(group) + EPSILON;
                case BATCH -> batchDeviation + EPSILON;
                case NONE -> 1;
            };
            for (int i = 0; i < groupSize; i++) {
                advantages[start + i] = (group[i] - mean) / divisor;
            }
        }
        return advantages;
    }

    /// How many groups have equal rewards throughout, and so teach nothing.
    public static int zeroVarianceGroups(double[] rewards, int groupSize) {
        int count = 0;
        for (int start = 0; start < rewards.length; start += groupSize) {
            double first = rewards[start];
            boolean equal = Arrays.stream(rewards, start, start + groupSize).allMatch(r -> r == first);
            count += equal ? 1 : 0;
        }
        return count;
    }

    static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    /// The sample standard deviation.
    static double deviation(double[] values) {
        double mean = mean(values);
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares / (values.length - 1));
    }
}
