package dev.razor.core.reward;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The keys that say what a completion is worth.
public record RewardArguments(
        @Key("what a completion is worth: a reward's name, java:CLASS or program:COMMAND, or a list, summed")
        List<String> reward,

        @Key(value = "the weight of each reward, such as [1, 0.2]; null: 1 each", fallback = "null") @Nullable
        List<Double> rewardWeights,

        @Key(value = "seconds that a reward may take for one completion", fallback = "10.0")
        double rewardTimeout,

        @Key(value = "jars and folders in which the classes of java: rewards are", fallback = "[]")
        List<Path> rewardClassPath) {

    /// As long as a day: no one waits longer for one completion.
    private static final double LONGEST_TIMEOUT = 86_400;

    public RewardArguments {
        Check.that(!reward.isEmpty(), "reward must name at least one");
        reward.forEach(RewardSpec::of);
        Check.that(
                rewardWeights == null || rewardWeights.size() == reward.size(),
                "reward_weights must have a weight for each of %s, got %s",
                reward,
                rewardWeights);
        Check.that(
                rewardWeights == null || rewardWeights.stream().allMatch(Double::isFinite),
                "reward_weights must be numbers, got %s",
                rewardWeights);
        Check.that(
                rewardTimeout >= 0.01 && rewardTimeout <= LONGEST_TIMEOUT,
                "reward_timeout must be a number of seconds from 0.01 to 86400, got %s",
                rewardTimeout);
        reward = List.copyOf(reward);
        rewardWeights = rewardWeights == null ? null : List.copyOf(rewardWeights);
        rewardClassPath = List.copyOf(rewardClassPath);
    }

    /// One verifier, with the default time limit.
    public static RewardArguments of(String reward) {
        return new RewardArguments(List.of(reward), null, 10, List.of());
    }

    /// The weight of each reward.
    public List<Double> weights() {
        return Objects.requireNonNullElseGet(
                rewardWeights, () -> reward.stream().map(_ -> 1.0).toList());
    }
}
