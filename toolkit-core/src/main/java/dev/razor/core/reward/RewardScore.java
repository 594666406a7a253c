package dev.razor.core.reward;

import org.jspecify.annotations.Nullable;

/// What a completion is worth.
///
/// @param value the weighted sum of the parts, a failed one counting as nothing
/// @param parts what each reward gave, NaN where it failed
/// @param failure why a reward failed, or null: it threw, took too long or gave no finite number
public record RewardScore(
        double value, double[] parts, @Nullable String failure) {

    /// Whether this is a right answer: a verifier's reward of at least 1.
    public boolean right() {
        return value >= 1;
    }
}
