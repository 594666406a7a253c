package dev.razor.grpo;

import dev.razor.core.generate.Completion;
import dev.razor.core.reward.RewardScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What all the completions drawn for a rollout came to, those not trained on included: of the policy as it was.
///
/// @param rewardMean of the weighted sums of rewards, before penalties
/// @param rewardStd their sample standard deviation
/// @param parts the mean of each reward over the completions where it did not fail; null where it always did
/// @param zeroVarianceGroups groups whose rewards are all equal
/// @param groups groups drawn
/// @param completionLengthMean tokens, end token included
/// @param truncatedFraction completions that hit the length limit
/// @param rewardFailures completions that a reward failed on
/// @param generationBatches batches of prompts drawn; more than one only to refill
/// @param kl KL(policy || base) a token of the completions trained on, where it is taken from the reward
record RolloutStats(
        double rewardMean,
        double rewardStd,
        List<@Nullable Double> parts,
        int zeroVarianceGroups,
        int groups,
        double completionLengthMean,
        double truncatedFraction,
        int rewardFailures,
        int generationBatches,
        @Nullable Double kl) {

    static RolloutStats of(
            List<Completion> completions, List<RewardScore> scores, int groupSize, int generationBatches) {
        double[] rewards = scores.stream().mapToDouble(RewardScore::value).toArray();
        List<@Nullable Double> parts = new ArrayList<>();
        for (int k = 0; k < scores.getFirst().parts().length; k++) {
            int part = k;
            double mean = scores.stream()
                    .mapToDouble(score -> score.parts()[part])
                    .filter(Double::isFinite)
                    .average()
                    .orElse(Double.NaN);
            parts.add(Double.isNaN(mean) ? null : mean);
        }
        return new RolloutStats(
                Arrays.stream(rewards).average().orElseThrow(),
                rewards.length == 1 ? 0 : Advantages.deviation(rewards),
                parts,
                Advantages.zeroVarianceGroups(rewards, groupSize),
                rewards.length / groupSize,
                completions.stream()
                        .mapToInt(completion -> completion.ids().length)
                        .average()
                        .orElseThrow(),
                completions.stream().filter(completion -> !completion.stopped()).count() / (double) completions.size(),
                Math.toIntExact(
                        scores.stream().filter(score -> score.failure() != null).count()),
                generationBatches,
                null);
    }

    /// The same with the KL.
    RolloutStats withKl(double nats) {
        return new RolloutStats(
                rewardMean,
                rewardStd,
                parts,
                zeroVarianceGroups,
                groups,
                completionLengthMean,
                truncatedFraction,
                rewardFailures,
                generationBatches,
                nats);
    }

    /// Adds the numbers to a step's metrics; with several rewards each one's mean as `rewards/NAME/mean`.
    void addTo(SequencedMap<String, @Nullable Object> metrics, List<String> rewardNames) {
        metrics.put("reward_mean", rewardMean);
        metrics.put("reward_std", rewardStd);
        if (rewardNames.size() > 1) {
            for (int k = 0; k < parts.size(); k++) {
                metrics.put("rewards/%s/mean".formatted(rewardNames.get(k)), parts.get(k));
            }
        }
        metrics.put("reward_failures", rewardFailures);
        metrics.put("zero_variance_groups", zeroVarianceGroups);
        if (generationBatches > 1) {
            metrics.put("generation_batches", generationBatches);
        }
        metrics.put("completion_length_mean", completionLengthMean);
        metrics.put("truncated_fraction", truncatedFraction);
    }

    /// The mean reward as the progress line shows it.
    String shown() {
        return String.format(Locale.ROOT, "reward %.3f", rewardMean);
    }
}
