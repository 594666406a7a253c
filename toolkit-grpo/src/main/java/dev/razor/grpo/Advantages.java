package dev.razor.grpo;

import dev.razor.core.base.Check;
import dev.razor.core.reward.RewardScore;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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

    /// The advantages of a rollout's completions, with what it loses taken from each reward; those of groups
    /// that take no part are zero, as if they had not been drawn.
    ///
    /// ```
    /// A_i = the above of  r_i - penalty_i                      advantage group
    /// A_i = 1 where r_i is a right answer's, else 0            advantage one_zero
    /// ```
    static double[] of(List<RewardScore> scores, double[] penalties, boolean[] live, GrpoConfig config) {
        double[] advantages = new double[scores.size()];
        int[] taking = IntStream.range(0, live.length).filter(i -> live[i]).toArray();
        if (config.advantage().advantage() == AdvantageArguments.Kind.ONE_ZERO) {
            for (int i : taking) {
                advantages[i] = scores.get(i).right() ? 1 : 0;
            }
        } else if (taking.length > 0) {
            double[] rewards = Arrays.stream(taking)
                    .mapToDouble(i -> scores.get(i).value() - penalties[i])
                    .toArray();
            double[] found = of(
                    rewards,
                    config.rollout().numGenerations(),
                    config.advantage().scaleRewards());
            for (int k = 0; k < taking.length; k++) {
                advantages[taking[k]] = found[k];
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
