package dev.razor.grpo;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;

/// The keys that say how rewards become advantages.
public record AdvantageArguments(
        @Key(
                value =
                        "group: the reward against its group's mean; one_zero: 1 for a right answer, else 0 (REINFORCE without negatives)",
                fallback = "group")
        Kind advantage,

        @Key(value = "what centred rewards are divided by (advantage: group)", fallback = "group")
        RewardScale scaleRewards,

        @Key(
                value =
                        "tokens before max_completion_length over which overlong_penalty grows from 0; 0 switches it off",
                fallback = "0")
        int overlongBuffer,

        @Key(value = "what a completion of max_completion_length tokens loses of its reward", fallback = "1.0")
        double overlongPenalty,

        @Key(value = "leave completions that hit the length limit out of the loss", fallback = "false")
        boolean maskTruncatedCompletions) {

    /// How a completion's reward becomes its advantage.
    public enum Kind {
        GROUP,
        ONE_ZERO
    }

    public AdvantageArguments {
        Check.that(overlongBuffer >= 0, "overlong_buffer must be at least 0, got %d", overlongBuffer);
        Check.that(
                overlongPenalty >= 0 && Double.isFinite(overlongPenalty),
                "overlong_penalty must be a number of at least 0, got %s",
                overlongPenalty);
        Check.that(
                overlongBuffer == 0 || advantage == Kind.GROUP,
                "overlong_buffer makes rewards negative, which advantage: one_zero has no use for; set it to 0");
    }

    /// What a completion of `length` tokens loses of its reward (DAPO, equation 13, negated):
    ///
    /// ```
    /// overlong_penalty min(1, max(0, length - (limit - overlong_buffer)) / overlong_buffer)
    /// ```
    double penalty(int length, int limit) {
        if (overlongBuffer == 0) {
            return 0;
        }
        double over = Math.max(0, length - (limit - overlongBuffer));
        return overlongPenalty * Math.min(1, over / overlongBuffer);
    }
}
