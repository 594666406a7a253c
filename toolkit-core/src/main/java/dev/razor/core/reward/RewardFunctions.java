package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;
import java.util.ArrayList;
import java.util.List;

/// The rewards of a run, ready to judge completions:
///
/// ```
/// value = sum over rewards k of  weight_k part_k                    a failed part counts as nothing
/// ```
///
/// A reward that throws or gives no finite number costs its own item and nothing else.
public final class RewardFunctions implements AutoCloseable {

    private final List<Reward> rewards;
    private final List<Double> weights;

    private RewardFunctions(List<Reward> rewards, List<Double> weights) {
        this.rewards = List.copyOf(rewards);
        this.weights = List.copyOf(weights);
    }

    /// Makes the rewards ready.
    ///
    /// @throws dev.razor.core.base.ConfigException if one cannot be had
    public static RewardFunctions open(RewardArguments arguments) {
        return new RewardFunctions(
                arguments.reward().stream().map(Rewards::named).toList(), arguments.weights());
    }

    /// One reward that is at hand, with weight 1; it runs in the caller's thread.
    public static RewardFunctions of(Reward reward) {
        return new RewardFunctions(List.of(reward), List.of(1.0));
    }

    /// The rewards' names, in the order of the parts of a score.
    public List<String> names() {
        return rewards.stream().map(Reward::name).toList();
    }

    /// Checks that `record` holds what the rewards need.
    ///
    /// @throws dev.razor.core.base.DataException naming file, line and field
    public void require(JsonRecord record) {
        rewards.forEach(reward -> reward.require(record));
    }

    /// Judges completions.
    ///
    /// @return a score each, in their order
    public List<RewardScore> score(List<Answer> answers) {
        List<RewardScore> scores = new ArrayList<>();
        for (Answer answer : answers) {
            double[] parts = new double[rewards.size()];
            double value = 0;
            String failure = null;
            for (int k = 0; k < parts.length; k++) {
                parts[k] = Double.NaN;
                try {
                    parts[k] = rewards.get(k).score(answer.record(), answer.text());
                } catch (RuntimeException e) {
                    failure = "%s: %s".formatted(names().get(k), e);
                }
                if (Double.isFinite(parts[k])) {
                    value += weights.get(k) * parts[k];
                } else if (failure == null) {
                    failure = "%s: gave %s".formatted(names().get(k), parts[k]);
                }
            }
            scores.add(new RewardScore(value, parts, failure));
        }
        return scores;
    }

    @Override
    public void close() {}
}
