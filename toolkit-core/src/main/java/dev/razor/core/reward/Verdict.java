package dev.razor.core.reward;

import org.jspecify.annotations.Nullable;

/// What one reward makes of one completion.
///
/// @param value the worth, NaN where the reward failed
/// @param failure why it failed, or null
record Verdict(double value, @Nullable String failure) {

    /// More than any reward is meant to be: sums and squares of such numbers would end the run.
    private static final double MOST = 1e6;

    static Verdict of(double value) {
        if (Double.isFinite(value) && Math.abs(value) > MOST) {
            return failed("gave %s, beyond a million".formatted(value));
        }
        return Double.isFinite(value) ? new Verdict(value, null) : failed("gave " + value);
    }

    static Verdict failed(String failure) {
        return new Verdict(Double.NaN, failure);
    }
}
