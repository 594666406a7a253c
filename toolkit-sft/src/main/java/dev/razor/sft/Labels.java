package dev.razor.sft;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import dev.razor.core.reward.RewardArguments;
import dev.razor.core.reward.RewardFunctions;
import org.jspecify.annotations.Nullable;

/// The keys that say where the labels come from: the data (`teacher: null`), or a model that writes them anew
/// every epoch.
public record Labels(
        @Key(
                value =
                        "who writes the labels: null the data, base (oracle SFT), self (iterative SFT), or a model directory (distillation)",
                fallback = "null")
        @Nullable
        String teacher,

        @Key(value = "the verifier that a sampled label must satisfy; null takes any", fallback = "null") @Nullable
        String reward,

        @Key(value = "samples drawn a prompt until one satisfies the reward", fallback = "16")
        int maxSamples,

        @Key(value = "what the teacher's logits are divided by", fallback = "1.0")
        double temperature,

        @Key(value = "tokens a sampled label may have, its end token included", fallback = "512")
        int maxCompletionLength) {

    public Labels {
        if (reward != null) {
            var _ = RewardArguments.of(reward);
        }
        Check.that(reward == null || teacher != null, "reward judges sampled labels; give a teacher, or remove it");
        Check.that(maxSamples > 0, "max_samples must be positive, got %d", maxSamples);
        Check.that(
                temperature > 0 && Double.isFinite(temperature),
                "temperature must be a positive number, got %s",
                temperature);
        Check.that(maxCompletionLength > 0, "max_completion_length must be positive, got %d", maxCompletionLength);
        Check.that(
                teacher == null || !teacher.equals("base") || reward != null,
                "teacher: base needs a reward, which tells right answers");
        Check.that(
                teacher == null || !teacher.equals("self") || reward != null,
                "teacher: self needs a reward, or the model would be trained on whatever it says");
    }

    /// The verifier, ready to judge, or null where there is none.
    @Nullable
    RewardFunctions openReward() {
        return reward == null ? null : RewardFunctions.open(RewardArguments.of(reward));
    }
}
